import { useMemo } from 'react';
import { useLocale } from 'react-admin';
import { MONEY, WHOLE_MONEY } from '../shared/format';

/** How numbers and sums are written in the language of the person. */
export function useFormat() {
    const locale = useLocale();
    return useMemo(() => {
        const number = new Intl.NumberFormat(locale);
        const money = new Intl.NumberFormat(locale, MONEY);
        const wholeMoney = new Intl.NumberFormat(locale, WHOLE_MONEY);
        return {
            number: (value: number): string => number.format(value),
            money: (amount: number): string => money.format(amount),
            wholeMoney: (amount: number): string => wholeMoney.format(amount),
        };
    }, [locale]);
}

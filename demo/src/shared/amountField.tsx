import { NumberField, type NumberFieldProps, useLocale } from 'react-admin';
import { MONEY, WHOLE_MONEY } from './format';

/** A number, as it is written in the language of the person. */
export const AmountField = (props: NumberFieldProps) => <NumberField locales={useLocale()} {...props} />;

export const MoneyField = (props: NumberFieldProps) => <AmountField options={MONEY} {...props} />;

export const WholeMoneyField = (props: NumberFieldProps) => <AmountField options={WHOLE_MONEY} {...props} />;

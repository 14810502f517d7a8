import { callRpc } from '../callRpc';
import type { Text, TextKey } from '../i18n/text';

/** What the rate limiter in the database allows. */
export interface Limits {
    /** Writes a second. */
    rate: number;
    /** Writes at once, after a pause. */
    burst: number;
    /** Every write is refused, as when other people use up all that the server can do. */
    overloaded: boolean;
}

export interface LimitsNow extends Limits {
    /** Writes that are left at this moment. */
    tokens: number;
}

// Not through the data provider: this page has to work while the admin holds requests back.
export const getLimits = (): Promise<LimitsNow> => callRpc('get_server_limits');

export const setLimits = ({ rate, burst, overloaded }: Limits): Promise<LimitsNow> =>
    callRpc('set_server_limits', { rate, burst, overloaded });

export const PRESETS = [
    { name: 'crm.limits.preset.relaxed', rate: 20, burst: 40, overloaded: false },
    { name: 'crm.limits.preset.tight', rate: 1, burst: 2, overloaded: false },
    { name: 'crm.limits.preset.veryTight', rate: 1 / 30, burst: 1, overloaded: false },
    { name: 'crm.limits.preset.overloaded', rate: 20, burst: 40, overloaded: true },
] as const satisfies (Limits & { name: TextKey })[];

export function describe({ rate, burst, overloaded }: Limits, text: Text): string {
    if (overloaded) return text('crm.limits.refusesAll');
    return rate >= 1
        ? text('crm.limits.perSecond', { rate: round(rate), burst })
        : text('crm.limits.everySeconds', { seconds: round(1 / rate), burst });
}

const round = (value: number): number => Math.round(value * 100) / 100;

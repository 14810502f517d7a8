import { callRpc } from '../callRpc';

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

export const PRESETS: readonly (Limits & { name: string })[] = [
    { name: 'Relaxed: 20/s, burst 40', rate: 20, burst: 40, overloaded: false },
    { name: 'Tight: 1/s, burst 2', rate: 1, burst: 2, overloaded: false },
    { name: 'Very tight: 1 per 30 s', rate: 1 / 30, burst: 1, overloaded: false },
    { name: 'Overloaded: refuses every save', rate: 20, burst: 40, overloaded: true },
];

export function describe({ rate, burst, overloaded }: Limits): string {
    if (overloaded) return 'The server refuses every save.';
    const pace = rate >= 1 ? `${round(rate)} a second` : `one every ${round(1 / rate)} seconds`;
    return `The server accepts ${pace}, and up to ${burst} at once.`;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Options for `Intl.NumberFormat`. */
export const MONEY = { style: 'currency', currency: 'USD' } as const;
export const WHOLE_MONEY = { ...MONEY, maximumFractionDigits: 0 } as const;

/** `2026-01-05 09:00:00+00`, as Supabase Lite writes a moment, is no date to every browser. */
export const parseMoment = (value: unknown): Date =>
    new Date(
        String(value)
            .replace(' ', 'T')
            .replace(/([+-]\d\d)$/, '$1:00'),
    );

/** "42 s" below two minutes, "5 min" above. */
export function formatWait(ms: number): string {
    const seconds = Math.ceil(ms / 1000);
    return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

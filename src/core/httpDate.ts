/**
 * Sun, 06 Nov 1994 08:49:37 GMT, the obsolete Sunday, 06-Nov-94 08:49:37 GMT, and Sun Nov  6 08:49:37 1994, the obsolete
 * form of C's asctime(): UTC, though nothing says so.
 */
const HTTP_DATE =
    /^[a-z]{3,9}(?:, (\d\d)[ -]([a-z]{3})[ -](\d{4}|\d\d)| ([a-z]{3}) ([ \d]\d)) (\d\d:\d\d:\d\d) (?:GMT|(\d{4}))$/i;

/**
 * Reads the three forms of an HTTP-date (RFC 9110 5.6.7) as milliseconds since the epoch, else `NaN`. `Date.parse` alone will not
 * do: it takes asctime for local time, and accepts much that is not a date of HTTP.
 *
 * @param now decides the century of a two-digit year: one that seems more than 50 years ahead is in the past
 */
export function parseHttpDate(text: string, now: number): number {
    const match = HTTP_DATE.exec(text);
    if (!match) return Number.NaN;
    const [, day = match[5], month = match[4], year = match[7], , , time] = match;
    return Date.parse(`${day} ${month} ${fullYear(Number(year), now)} ${time} GMT`);
}

function fullYear(year: number, now: number): number {
    if (year > 99) return year;
    const latest = new Date(now).getUTCFullYear() + 50;
    return latest - ((latest - year) % 100);
}

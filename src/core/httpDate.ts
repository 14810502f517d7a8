/**
 * Sun, 06 Nov 1994 08:49:37 GMT, the obsolete Sunday, 06-Nov-94 08:49:37 GMT, and Sun Nov  6 08:49:37 1994, the obsolete
 * form of C's asctime(): UTC, though nothing says so.
 */
const HTTP_DATE =
    /^[a-z]{3,9}(?:, \d\d[ -][a-z]{3}[ -](?:\d\d){1,2} \d\d:\d\d:\d\d GMT| [a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4})$/i;

/**
 * Reads the three forms of an HTTP-date (RFC 9110 5.6.7) as milliseconds since the epoch, else `NaN`. `Date.parse` alone
 * will not do: it takes asctime for local time, and accepts much that is not a date of HTTP. It reads a two-digit year
 * as one from 1950 to 2049.
 */
export const parseHttpDate = (text: string): number =>
    HTTP_DATE.test(text) ? Date.parse(`${text.replace(/-/g, ' ').replace(/ GMT$/i, '')} GMT`) : Number.NaN;

/**
 * The locale of an app as `Intl` takes it. To react-admin it is any key, such as `en_us` or `french`, and `Intl` throws at
 * the one and takes the language of the browser for the other, in the middle of the app's own: so English comes last.
 */
export function languagesFor(locale: string): string[] {
    try {
        return Intl.getCanonicalLocales([locale.replaceAll('_', '-'), 'en']);
    } catch {
        return ['en'];
    }
}

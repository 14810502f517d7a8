import type { english } from './english';

/** The translation keys of the demo's own texts. */
export type TextKey = KeyOf<typeof english>;

type KeyOf<Texts, Path extends string = ''> = {
    [Key in keyof Texts & string]: Texts[Key] extends string ? `${Path}${Key}` : KeyOf<Texts[Key], `${Path}${Key}.`>;
}[keyof Texts & string];

type Values = Readonly<Record<string, string | number>>;

/** Says a text of the demo, with these values in it. */
export type Text = (key: TextKey, values?: Values) => string;

/** The texts of the demo in a language. Numbers are written as in that language. */
export const createText =
    (translate: (key: string, values?: Values) => string, locale: string): Text =>
    (key, values = {}) => {
        const texts = Object.entries(values).map(([name, value]) => [name, value.toLocaleString(locale)]);
        return translate(key, Object.fromEntries(texts));
    };

import { englishMessages, frenchMessages } from 'ra-rate-limit/i18n';
import { expect, it } from 'vitest';

type Texts = { [key: string]: string | Texts };

function flatten(texts: Texts, prefix = ''): [key: string, text: string][] {
    return Object.entries(texts).flatMap(([key, value]): [string, string][] =>
        typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
    );
}

const english = Object.fromEntries(flatten(englishMessages));
const french = Object.fromEntries(flatten(frenchMessages as unknown as Texts));

/** The texts that are not as they should be, to be read in the failure. */
const offending = (isWrong: (text: string, englishText: string, key: string) => boolean) =>
    Object.entries(french).filter(([key, text]) => isWrong(text, english[key] as string, key));

/** Words and signs that both languages share. */
const ALIKE: readonly string[] = [];

const placeholdersIn = (text: string) => (text.match(/%\{\w+\}/g) ?? []).sort().join();

it('has the texts that English has', () => {
    expect(Object.keys(french).sort()).toEqual(Object.keys(english).sort());
    expect(Object.keys(french).length).toBeGreaterThan(90);
});

it('leaves no text empty', () => {
    expect(offending(text => text.trim() !== text || text === '')).toEqual([]);
});

it('takes the values that English takes', () => {
    expect(offending((text, englishText) => placeholdersIn(text) !== placeholdersIn(englishText))).toEqual([]);
});

it('is not English by accident', () => {
    expect(offending((text, englishText, key) => (text === englishText) !== ALIKE.includes(key))).toEqual([]);
});

it('ends a text with a full stop where English does', () => {
    const isSentence = (text: string) => /[.…]$/.test(text);
    expect(offending((text, englishText) => isSentence(text) !== isSentence(englishText))).toEqual([]);
});

it('is set as French is: typographic apostrophes, and spaces that do not break', () => {
    expect(offending(text => /['"“”]|(?<!\u00a0)(?:[:;?!»]|%(?!\{))|«(?!\u00a0)/.test(text))).toEqual([]);
});

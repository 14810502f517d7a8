import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { english } from '../../demo/src/i18n/english.ts';
import { french } from '../../demo/src/i18n/french.ts';
import { i18nProvider } from '../../demo/src/i18n/i18nProvider.ts';
import { createText } from '../../demo/src/i18n/text.ts';

const SOURCES = fileURLToPath(new URL('../../demo/src/', import.meta.url));

type Texts = { [key: string]: string | Texts };

/** The keys and texts of a language, as `['crm.none', 'None']`. */
const entriesOf = (texts: Texts, path = ''): [string, string][] =>
    Object.entries(texts).flatMap(([key, text]) =>
        typeof text === 'string' ? [[`${path}${key}`, text] as [string, string]] : entriesOf(text, `${path}${key}.`),
    );

const placeholdersOf = (text: string) => (text.match(/%\{\w+\}/g) ?? []).sort();

const ENGLISH = entriesOf(english);
const FRENCH = new Map(entriesOf(french));

describe('French', () => {
    test('says all that English says, and nothing else', () => {
        expect([...FRENCH.keys()]).toEqual(ENGLISH.map(([key]) => key));
    });

    test('has the same values in its texts, and as many plural forms', () => {
        const shapeOf = (key: string, text = '') => [key, ...placeholdersOf(text), text.split('||||').length];

        const shapes = ENGLISH.map(([key]) => shapeOf(key, FRENCH.get(key)));

        expect(shapes).toEqual(ENGLISH.map(([key, text]) => shapeOf(key, text)));
        expect([...FRENCH.values()].filter(text => !text.trim())).toEqual([]);
    });

    test('breaks no line before its punctuation marks', () => {
        const broken = [...FRENCH.values()].filter(text => / (?:[:;?!»]|%(?!\{))|« /.test(text));

        expect(broken).toEqual([]);
    });
});

test('the demo has all texts that it asks for, and asks for all that it has', async () => {
    const files = await readdir(SOURCES, { recursive: true });
    const sources = files.filter(name => /\.tsx?$/.test(name) && !/^i18n.(?:english|french)/.test(name));
    const code = (await Promise.all(sources.map(name => readFile(SOURCES + name, 'utf8')))).join('\n');
    const asked = [...code.matchAll(/['"`](crm\.[\w.]+)(?=['"])/g)].map(([, key]) => key);
    // Made of parts: the kind of an event.
    const composed = ['crm.limits.admin.event.halfOpen', 'crm.limits.admin.event.close'];

    const texts = ENGLISH.map(([key]) => key).filter(key => key.startsWith('crm.'));

    expect(new Set([...asked, ...composed])).toEqual(new Set(texts));
});

test('what browsers say without a connection is said in the language of the app', async () => {
    await i18nProvider.changeLocale('fr');

    const said = i18nProvider.translate('NetworkError when attempting to fetch resource.', { _: 'in English' });

    expect(said).toBe('Pas de connexion au serveur. Veuillez réessayer.');
});

test('numbers in a text are written as in its language', () => {
    const say = (locale: string) =>
        createText((_, values) => String(values?.burst), locale)('crm.none', { burst: 1234.5 });

    expect(say('en')).toBe('1,234.5');
    expect(say('fr')).toBe('1\u202f234,5');
});

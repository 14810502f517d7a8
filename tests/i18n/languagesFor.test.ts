import { expect, it } from 'vitest';
import { languagesFor } from '../../src/i18n/languagesFor.js';

it.each([
    ['fr', ['fr', 'en']],
    ['en', ['en']],
    ['pt_br', ['pt-BR', 'en']],
    ['zh_hans_cn', ['zh-Hans-CN', 'en']],
    ['french', ['french', 'en']],
    ['not a language', ['en']],
    ['', ['en']],
    [undefined as unknown as string, ['en']],
])('the locale "%s" is %j to Intl', (locale, languages) => {
    expect(languagesFor(locale)).toEqual(languages);
    expect(() => new Intl.NumberFormat(languages)).not.toThrow();
});

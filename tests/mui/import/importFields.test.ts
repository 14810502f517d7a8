import { expect, test } from 'vitest';
import { matchColumns, rematchColumns, simplify } from '../../../src/mui/import/importFields.js';

const field = (source: string, label = source, aliases: string[] = []) => ({ source, label, aliases });
const match = (columns: string[], ...fields: ReturnType<typeof field>[]) =>
    Object.fromEntries(matchColumns(columns, fields));

test('a field is filled from the column of its source, label or alias', () => {
    expect(
        match(
            ['Mail', 'last_name', 'Prénom'],
            field('last_name'),
            field('email', 'Mail'),
            field('first', 'First', ['Prénom']),
        ),
    ).toEqual({
        last_name: 1,
        email: 0,
        first: 2,
    });
});

test.each(['E-Mail', 'email', ' EMAIL ', 'é-mail', 'e_mail', 'E‑mail:'])(
    'case, accents and punctuation do not matter: %s',
    name => {
        expect(match([name], field('email'))).toEqual({ email: 0 });
    },
);

test('letters of any script count', () => {
    expect(match(['Имя', '姓名'], field('name', 'имя'), field('full_name', '姓名'))).toEqual({ name: 0, full_name: 1 });
    expect(match(['姓', '名'], field('name', '*'))).toEqual({});
});

test('the source comes before the label, and the label before aliases', () => {
    expect(match(['alias', 'label', 'source'], field('source', 'label', ['alias']))).toEqual({ source: 2 });
    expect(match(['alias', 'label'], field('source', 'label', ['alias']))).toEqual({ source: 1 });
});

test('no column fills two fields', () => {
    expect(match(['name'], field('first_name', 'Name'), field('last_name', 'Name'))).toEqual({ first_name: 0 });
});

test('which of two columns with the same name is meant, is not guessed', () => {
    expect(match(['email', 'E-mail'], field('email'))).toEqual({});
    expect(match(['email', 'E-mail', 'Mail'], field('email', 'E-mail', ['Mail']))).toEqual({ email: 2 });
});

test('other fields: those that are gone have no column, and new ones find theirs among what is left', () => {
    const fields = (...sources: string[]) => sources.map(source => ({ source, label: source }));
    const columns = ['Company', 'City', 'Phone', 'E-mail'];
    const mapping = new Map([
        ['first_name', 0],
        ['city', 1],
    ]);

    const remapped = rematchColumns(columns, fields('city', 'email', 'company'), mapping, fields('email', 'company'));

    expect([...remapped]).toEqual([
        ['city', 1],
        ['email', 3],
        ['company', 0],
    ]);
});

test('a new field does not take the column that another has', () => {
    const field = { source: 'city', label: 'City' };

    const remapped = rematchColumns(['City'], [{ source: 'place', label: 'Place' }, field], new Map([['place', 0]]), [
        field,
    ]);

    expect([...remapped]).toEqual([['place', 0]]);
});

test('names that differ in the marks of their script are different names', () => {
    expect(simplify('दिन')).not.toBe(simplify('दान'));
    expect(simplify('Prénom')).toBe(simplify('prenom'));
});

import { expect, test, vi } from 'vitest';
import { contactRows } from '../../demo/src/contacts/import/contactRows.ts';
import { type ContactImportChoices, DEFAULT_CHOICES } from '../../demo/src/contacts/import/contactSchema.ts';
import { englishText } from './englishText.ts';

const NAME = { first_name: 'Ada', last_name: 'Lovelace' };

/** Rows for a CRM that gives each new name the next id. */
function start(choices: Partial<ContactImportChoices> = {}) {
    let lastId = 0;
    const getOrCreateCompany = vi.fn(async (_name: string, _options?: object) => ({ id: ++lastId }));
    const getOrCreateTag = vi.fn(async (_name: string, _options?: object) => ({ id: ++lastId }));
    const { validate, transform } = contactRows(
        { getOrCreateCompany, getOrCreateTag },
        { ...DEFAULT_CHOICES, ...choices },
        englishText,
    );
    const { signal } = new AbortController();
    return {
        validate,
        transform: (row: object) => transform(row, { signal }),
        getOrCreateCompany,
        getOrCreateTag,
        signal,
    };
}

test('a row becomes the contact with the ids of its company and its tags', async () => {
    const { transform, getOrCreateCompany, getOrCreateTag, signal } = start();

    const contact = await transform({ ...NAME, email: 'ada@example.com', company: 'Acme', tags: 'press, vip' });

    expect(contact).toEqual({
        ...NAME,
        email: 'ada@example.com',
        phone: null,
        title: null,
        status: undefined,
        newsletter: undefined,
        company_id: 1,
        tag_ids: [2, 3],
    });
    expect(getOrCreateCompany.mock.calls).toEqual([['Acme', { signal }]]);
    expect(getOrCreateTag.mock.calls).toEqual([
        ['press', { signal }],
        ['vip', { signal }],
    ]);
});

test('a contact without a company and tags asks for none', async () => {
    const { transform, getOrCreateCompany, getOrCreateTag } = start();

    await expect(transform(NAME)).resolves.toMatchObject({ company_id: null, tag_ids: [] });

    expect(getOrCreateCompany).not.toHaveBeenCalled();
    expect(getOrCreateTag).not.toHaveBeenCalled();
});

test('a tag that is named twice is there once', async () => {
    const { transform } = start();

    await expect(transform({ ...NAME, tags: 'press; Press, early  bird, Early bird' })).resolves.toMatchObject({
        tag_ids: [1, 2],
    });
});

test('rows that name the same company and tag, each in its way, share them', async () => {
    const { transform } = start();

    const contacts = await Promise.all([
        transform({ ...NAME, company: 'Acme', tags: 'press' }),
        transform({ ...NAME, company: ' ACME ', tags: 'PRESS' }),
    ]);

    expect(contacts.map(contact => [contact?.company_id, contact?.tag_ids])).toEqual([
        [1, [2]],
        [1, [2]],
    ]);
});

test('all that is wrong with a row is told at once, and nothing where it is valid', () => {
    const { validate } = start();

    expect(validate({ first_name: 'Ada', email: 'foo' })).toBe(
        'E-mail: "foo" is not an e-mail address; Last name: missing',
    );
    expect(validate(NAME)).toBeUndefined();
});

test('a bad row has no contact, and neither its company nor its tags are created', async () => {
    const { transform, getOrCreateCompany, getOrCreateTag } = start();

    await expect(transform({ first_name: 'Ada', company: 'Acme', tags: 'press' })).rejects.toThrow(
        new Error('Last name: missing'),
    );

    expect(getOrCreateCompany).not.toHaveBeenCalled();
    expect(getOrCreateTag).not.toHaveBeenCalled();
});

test('a row that only names a company creates it, when that is the choice, and there is nothing more to save', async () => {
    const { transform, getOrCreateCompany } = start({ companiesWithoutContacts: 'create' });

    await expect(transform({ company: 'Acme' })).resolves.toBeNull();

    expect(getOrCreateCompany).toHaveBeenCalledOnce();
});

test('a company that cannot be created is the error of the row', async () => {
    const { transform, getOrCreateCompany } = start();
    const error = new Error('no connection');
    getOrCreateCompany.mockRejectedValueOnce(error);

    await expect(transform({ ...NAME, company: 'Acme' })).rejects.toBe(error);
});

import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { InvalidRowError } from 'ra-rate-limit/react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { toLatin1 } from './support/csvFiles.js';
import {
    button,
    contactsCsv,
    fileInput,
    findButton,
    nodeFile,
    problems,
    renderImport,
} from './support/renderImport.js';

const noAt = ({ email = '' }: Record<string, string>) =>
    email.includes('@') ? undefined : { email: 'is not an e-mail address' };

test('a file is imported from its first to its last row', async () => {
    const { created, user, closings } = renderImport();

    await user.upload(fileInput(), nodeFile('NOM;email;age\n Élie ;elie@example.com;3\n\nBob;;4\n'));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await screen.findByText('The import has ended.');

    expect(created).toEqual([{ last_name: 'Élie', email: 'elie@example.com' }, { last_name: 'Bob' }]);
    await user.click(button('Done'));
    expect(closings).toHaveLength(1);
});

test('the dry run tells which rows are wrong, and sends nothing', async () => {
    const { created, user } = renderImport({ validate: noAt });

    await user.upload(fileInput(), nodeFile(contactsCsv(20, [3, 7])));
    await user.click(await findButton('Check the rows'));

    await screen.findByText('18 of 20 rows can be imported, 2 cannot and will be left out.');
    expect(problems(screen.getByRole('table'))).toEqual([
        ['3', 'E-mail: is not an e-mail address'],
        ['7', 'E-mail: is not an e-mail address'],
    ]);
    expect(created).toEqual([]);
});

test('a file of which no row can be imported is not', async () => {
    const { user } = renderImport({ validate: () => 'is wrong' });

    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    await user.click(await findButton('Check the rows'));

    await screen.findByText('None of the rows can be imported.');
    expect(button('Start the import')).toHaveProperty('disabled', true);
});

test('the summary counts, and has the rows that failed with their numbers in the file', async () => {
    const { created, user } = renderImport({
        validate: noAt,
        create: ({ last_name }) => {
            if (last_name === 'Person 5') throw new HttpError('There is one like this already', 409);
        },
    });

    await user.upload(
        fileInput(),
        nodeFile(`${contactsCsv(8, [3])}\nToo many,a@example.com,cells\n,no.name@example.com\n`),
    );
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await screen.findByText('The import has ended.');

    expect(created).toHaveLength(6);
    expect(screen.getByText('Imported').nextSibling?.textContent).toBe('6');
    expect(screen.getByText('Failed').nextSibling?.textContent).toBe('4');
    expect(problems(screen.getByRole('table'))).toEqual([
        ['3', 'E-mail: is not an e-mail address'],
        ['5', 'There is one like this already'],
        ['10', 'The row has more cells (3) than the header (2). Is a cell with a delimiter not quoted?'],
        ['11', 'Last name is missing.'],
    ]);
});

test('the validation of a form does for a file as well, with its keys and their values', async () => {
    const { user } = renderImport({
        validate: ({ last_name = '', email = '' }) => ({
            ...(last_name.length < 2 && { last_name: { message: 'ra.validation.minLength', args: { min: 2 } } }),
            ...(!email.includes('@') && { email: 'ra.validation.email', address: { city: 'ra.validation.required' } }),
        }),
    });

    await user.upload(fileInput(), nodeFile('Last name,E-mail\nA,nonsense\nBob,b@example.com\n'));
    await user.click(await findButton('Check the rows'));

    expect(problems(await screen.findByRole('table'))).toEqual([
        ['2', 'Last name: Must be 2 characters at least; E-mail: Must be a valid email; address.city: Required'],
    ]);
});

test('what the server finds wrong by field is told as in a form', async () => {
    const bodies: unknown[] = [
        { errors: { email: 'ra.validation.unique', root: { serverError: 'Twice' }, tags: ['is empty', 'is short'] } },
        { errors: { email: { message: 'ra.validation.minLength', args: { min: 9 } } } },
        // Nothing to tell, or not by field.
        { errors: {} },
        { errors: ['one', 'two'] },
        { errors: null },
        { errors: JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`) },
    ];
    const { user } = renderImport({
        create: ({ last_name }) => {
            throw new HttpError('The form is not valid', 422, bodies[Number(last_name)]);
        },
    });

    await user.upload(fileInput(), nodeFile(`Last name\n${bodies.map((_, place) => place).join('\n')}\n`));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await screen.findByText('The import has ended.');

    expect(problems(screen.getByRole('table'))).toEqual([
        ['2', 'E-mail: Must be unique; Twice; tags: is empty, is short'],
        ['3', 'E-mail: Must be 9 characters at least'],
        ...['4', '5', '6', '7'].map(row => [row, 'The form is not valid']),
    ]);
});

test('an error of a row that has words of its own is told in them', async () => {
    const { user } = renderImport({
        validate: () => {
            throw new InvalidRowError('Nobody is called that', { last_name: 'unlikely' });
        },
    });

    await user.upload(fileInput(), nodeFile('Last name,E-mail\nXyz,x@example.com\n'));
    await user.click(await findButton('Check the rows'));

    expect(problems(await screen.findByRole('table'))).toEqual([['2', 'Nobody is called that']]);
});

test('the app says in its own words what is wrong', async () => {
    const { user } = renderImport({
        validate: noAt,
        formatError: ({ rowNumber, error, outcome }) => `${outcome} ${rowNumber}: ${(error as Error).name}`,
    });

    await user.upload(fileInput(), nodeFile(`${contactsCsv(2, [3])}\n,no.name@example.com`));
    await user.click(await findButton('Check the rows'));

    expect(problems(await screen.findByRole('table'))).toEqual([
        ['3', 'failed 3: InvalidRowError'],
        // What is wrong with the file is not the app's.
        ['4', 'Last name is missing.'],
    ]);
});

test('the failed rows can be downloaded', async () => {
    const blobs: Blob[] = [];
    URL.createObjectURL = blob => `blob:${blobs.push(blob as Blob)}`;
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    const { user } = renderImport({ validate: noAt });
    await user.upload(fileInput(), nodeFile('Last name,E-mail,Age\nAnn,a@example.com,6\n=Bob,nonsense,7\n'));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await user.click(await findButton('Download the failed rows'));

    await waitFor(() => expect(blobs).toHaveLength(1));
    expect(await blobs[0]?.text()).toContain(
        `"row","error","Last name","E-mail","Age"\r\n"3","E-mail: is not an e-mail address","'=Bob","nonsense","7"`,
    );
    expect((click.mock.contexts[0] as HTMLAnchorElement).download).toBe('contacts-errors.csv');
});

test('transform makes the record of a row, after it was found valid', async () => {
    const transform = vi.fn(async ({ last_name, email }: Record<string, string>) => ({ name: last_name, mail: email }));
    const { created, user } = renderImport({ validate: noAt, transform });

    await user.upload(fileInput(), nodeFile(contactsCsv(3, [3])));
    await user.click(await findButton('Check the rows'));
    await findButton('Start the import');
    expect(transform).not.toHaveBeenCalled();
    await user.click(button('Start the import'));
    await screen.findByText('The import has ended.');

    expect(created).toEqual([
        { name: 'Person 2', mail: 'p2@example.com' },
        { name: 'Person 4', mail: 'p4@example.com' },
    ]);
    expect(transform).toHaveBeenCalledTimes(2);
});

test('a field that is required needs a column before the rows can be checked', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile('Family,E-mail\nBob,b@example.com\n'));

    const check = await findButton('Check the rows');
    expect(check).toHaveProperty('disabled', true);
    screen.getByText('Choose a column for: Last name.');

    await user.selectOptions(screen.getByLabelText(/Last name/), 'Family');
    expect(check).toHaveProperty('disabled', false);
    expect(screen.queryByText('Choose a column for: Last name.')).toBeNull();
    screen.getByText('For example: Bob');
});

test('at least one column must be chosen', async () => {
    const { user } = renderImport({ fields: [{ source: 'email' }] });
    await user.upload(fileInput(), nodeFile('Email\na@example.com\n'));

    await user.selectOptions(await screen.findByLabelText('Email'), 'Not imported');

    screen.getByText('Choose at least one column.');
    expect(button('Check the rows')).toHaveProperty('disabled', true);
});

test('columns of the same name and without one are pointed out, and left to the person', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile('Last name,E-mail,,email\nBob,b@example.com,,c@example.com\n'));

    await screen.findByText('Columns with the same name: “E-mail”, “email”. Choose the right one.');
    screen.getByText('Columns without a name: 1. They are called by their place.');
    const choice = screen.getByLabelText<HTMLSelectElement>('E-mail');
    expect(choice.selectedOptions[0]?.text).toBe('Not imported');
    expect([...choice.options].map(option => option.text)).toEqual([
        'Not imported',
        'Last name',
        'E-mail',
        'Column 3',
        'email',
    ]);
});

test('the preview has the first rows with their numbers, as they will be read', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile('Last name,E-mail\n\n Bob ,b@example.com\n,c@example.com\n'));

    const preview = await screen.findByRole('table', { name: 'The first rows as they will be read' });

    const cells = within(preview)
        .getAllByRole('row')
        .map(row => [...row.children].map(cell => cell.textContent));
    expect(cells).toEqual([
        ['Row', 'Last name', 'E-mail'],
        ['3', 'Bob', 'b@example.com'],
        ['4', 'Last name is missing.'],
    ]);
});

test('an encoding that was guessed is told, and can be changed', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile(toLatin1('Last name,E-mail\nÉlie,e@example.com\n')));
    await screen.findByText(/read as Windows-1252/);
    screen.getByText('For example: Élie');

    await user.selectOptions(screen.getByLabelText('Encoding'), 'UTF-8');

    await screen.findByText('The file is not written in UTF-8. Choose another encoding.');
    expect(screen.getByLabelText<HTMLSelectElement>('Encoding').value).toBe('windows-1252');
});

test('an encoding that is changed leaves the columns that were chosen, and the focus, where they are', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile('Name,E-mail\nÉlie,e@example.com\n'));
    await user.selectOptions(await screen.findByLabelText(/Last name/), 'Name');
    await screen.findByText('For example: Élie');
    const encoding = screen.getByLabelText<HTMLSelectElement>('Encoding');
    encoding.focus();

    await user.selectOptions(encoding, 'Windows-1252');

    await screen.findByText('For example: Ã‰lie');
    expect(document.activeElement).toBe(encoding);
});

test('what is between cells can be changed', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile('Last name;E-mail,x\nBob;b@example.com,y\n'));

    await user.selectOptions(await screen.findByLabelText('Between cells'), 'Semicolon');

    await screen.findByText('For example: Bob');
    expect(screen.getByLabelText<HTMLSelectElement>('Between cells').value).toBe(';');
});

test.each([
    ['The file is empty.', ''],
    ['The file has a header and no rows.', 'Last name,E-mail\n'],
    [/This is an Excel workbook/, 'PK\x03\x04\x14\x00'],
])('a file that cannot be imported is not: %s', async (message, content) => {
    const { user } = renderImport();

    await user.upload(fileInput(), nodeFile(content));

    expect((await screen.findByRole('alert')).textContent).toMatch(message);
    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    await findButton('Check the rows');
});

test('choices of the app are shown beside the columns', async () => {
    const { user } = renderImport({ options: <p>Leave out contacts without a phone</p> });
    expect(screen.queryByText('Leave out contacts without a phone')).toBeNull();

    await user.upload(fileInput(), nodeFile(contactsCsv(2)));

    await screen.findByText('Leave out contacts without a phone');
});

/** Once the rows are checked. */
async function findStart() {
    const start = await findButton('Start the import');
    await waitFor(() => expect(start).toHaveProperty('disabled', false));
    return start;
}

test('the second click of a double click does not hit the button that the first one has brought', async () => {
    const { user, created } = renderImport();
    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    fireEvent.click(await findButton('Check the rows'), { detail: 1 });
    const start = await findStart();

    fireEvent.click(start, { detail: 2 });
    expect(button('Start the import')).toBe(start);

    fireEvent.click(start, { detail: 1 });
    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(2);
});

test('a file that changes while it is imported ends the import with a message', async () => {
    const file = nodeFile(contactsCsv(3));
    const { user } = renderImport();
    await user.upload(fileInput(), file);
    await user.click(await findButton('Check the rows'));
    await findButton('Start the import');
    file.slice = () => {
        throw new DOMException('gone', 'NotReadableError');
    };

    await user.click(button('Start the import'));

    await screen.findByText(/The import ended early. The file cannot be read/);
    await user.click(button('Back'));
    await findButton('Check the rows');
});

test('a file that is gone when its rows are checked is told so, where the columns are', async () => {
    const file = nodeFile(contactsCsv(3));
    const { user } = renderImport();
    await user.upload(fileInput(), file);
    await findButton('Check the rows');
    file.slice = () => {
        throw new DOMException('gone', 'NotReadableError');
    };

    await user.click(button('Check the rows'));

    await screen.findByText(/The file cannot be read/);
    expect(button('Check the rows')).toBeDefined();
});

test('a file that is slow to read can be given up for another', async () => {
    const slowFile = nodeFile(contactsCsv(3), 'slow.csv');
    let read = () => {};
    const { slice } = slowFile;
    slowFile.slice = (...range) => {
        const part = slice.apply(slowFile, range);
        const bytes = part.arrayBuffer();
        part.arrayBuffer = () =>
            new Promise(resolve => {
                read = () => resolve(bytes);
            });
        return part;
    };
    const { user } = renderImport();
    await user.upload(fileInput(), slowFile);
    await screen.findByRole('progressbar', { name: 'Reading slow.csv' });

    await user.click(button('Back'));
    await user.upload(fileInput(), nodeFile(contactsCsv(7)));
    await screen.findByText(/Rows in contacts.csv: 7/);
    for (let part = 0; part < 5; part++) await act(async () => read());

    screen.getByText(/Rows in contacts.csv: 7/);
});

test('a check that was left does not come back', async () => {
    let answer = () => {};
    const validate = () =>
        new Promise<undefined>(resolve => {
            answer = () => resolve(undefined);
        });
    const { user } = renderImport({ validate });
    await user.upload(fileInput(), nodeFile(contactsCsv(1)));
    await user.click(await findButton('Check the rows'));
    await screen.findByText(/Nothing is imported yet/);

    await user.click(button('Back'));
    await act(async () => {
        answer();
        await new Promise(resolve => setTimeout(resolve));
    });

    expect(button('Check the rows')).toBeDefined();
});

test('of many problems the first hundred are shown, and all can be downloaded', async () => {
    const { user } = renderImport({ validate: noAt });
    const bad = Array.from({ length: 150 }, (_, index) => index + 2);
    await user.upload(fileInput(), nodeFile(contactsCsv(151, bad)));

    await user.click(await findButton('Check the rows'));
    await screen.findByText('The first 100 are shown.');
    await user.click(button('Start the import'));

    await screen.findByText('The first 100 are shown. The file has them all.');
    expect(problems(screen.getByRole('table'))).toHaveLength(100);
});

test('a row of which nobody knows whether it got in is told apart', async () => {
    const { user } = renderImport({
        create: () => {
            throw new TypeError('Failed to fetch');
        },
    });
    await user.upload(fileInput(), nodeFile(contactsCsv(1)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText('It is not known whether this row was imported: Failed to fetch');
    expect(screen.getByText('Unknown').nextSibling?.textContent).toBe('1');
});

test('a browser that keeps nothing imports all the same', async () => {
    expect('indexedDB' in globalThis).toBe(false);
    const { user, created } = renderImport({ resumeKey: 'contacts-import' });

    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(2);
});

test('on a phone it fills the screen, and the steps are counted', () => {
    window.matchMedia = query =>
        Object.assign(new EventTarget(), { matches: query.includes('max-width'), media: query }) as never;
    onTestFinished(() => {
        Reflect.deleteProperty(window, 'matchMedia');
    });

    renderImport();

    screen.getByText('Step 1 of 4');
    expect(screen.getByRole('dialog').className).toContain('FullScreen');
});

test('fields that depend on a choice get their columns when it is made', async () => {
    const { user, created, setProps } = renderImport({ fields: [{ source: 'first_name' }] });
    await user.upload(fileInput(), nodeFile('First name,Company,City\nAda,Acme,Paris\n'));
    await findButton('Check the rows');

    setProps({ fields: [{ source: 'company' }, { source: 'city' }] });
    await user.click(button('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText('The import has ended.');
    expect(created).toEqual([{ company: 'Acme', city: 'Paris' }]);
});

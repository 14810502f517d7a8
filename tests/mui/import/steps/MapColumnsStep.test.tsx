import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fileInput, findButton, nodeFile, renderImport } from '../support/renderImport.js';

test('columns whose names are signs alone are alike only when they have the same', async () => {
    const { user } = renderImport();

    await user.upload(fileInput(), nodeFile('Last name,€,$,#\nBob,1,2,3\n'));
    await findButton('Check the rows');
    expect(screen.queryByText(/Columns with the same name/)).toBeNull();

    await user.click(await findButton('Back'));
    await user.upload(fileInput(), nodeFile('Last name,€,$,€\nBob,1,2,3\n'));
    await screen.findByText('Columns with the same name: “€”. Choose the right one.');
});

test('the examples of a field are different ones', async () => {
    const { user } = renderImport();

    await user.upload(fileInput(), nodeFile('Last name\nBob\nBob\n\nEve\nZoe\n'));

    await screen.findByText('For example: Bob, Eve');
});

test('columns that no field takes are named, until one does', async () => {
    const { user } = renderImport();

    await user.upload(fileInput(), nodeFile('Last name,Mail,,Notes\nBob,bob@example.com,x,y\n'));
    await screen.findByText('Columns of the file that no field takes: “Mail”, “Notes”.');

    await user.selectOptions(screen.getByRole('combobox', { name: 'E-mail' }), 'Mail');
    screen.getByText('Columns of the file that no field takes: “Notes”.');

    await user.click(await findButton('Back'));
    await user.upload(fileInput(), nodeFile('Last name,E-mail\nBob,bob@example.com\n'));
    await findButton('Check the rows');
    expect(screen.queryByText(/that no field takes/)).toBeNull();
});

test('of many columns that no field takes, the first ten are named', async () => {
    const { user } = renderImport();
    const columns = Array.from({ length: 11 }, (_, index) => `c${index}`);

    await user.upload(fileInput(), nodeFile(`Last name,${columns}\nBob${',x'.repeat(11)}\n`));

    await screen.findByText(/that no field takes: “c0”, .*“c9”, …\.$/);
});

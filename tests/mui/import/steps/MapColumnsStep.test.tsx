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

import { createEvent, fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { BulkImportDialogClasses } from '../../../../src/mui/import/importDialogClasses.js';
import { contactsCsv, fileInput, findButton, nodeFile, renderImport } from '../support/renderImport.js';

const dropZone = () => fileInput().closest('label') as HTMLElement;
const file = () => nodeFile(contactsCsv(2));

test('a file that is dropped is read', async () => {
    renderImport();

    fireEvent.dragOver(dropZone());
    expect(dropZone().className).toContain(BulkImportDialogClasses.dropZoneActive);
    fireEvent.drop(dropZone(), { dataTransfer: { files: [file()] } });

    await findButton('Check the rows');
});

test('of several files none is taken', () => {
    renderImport();

    fireEvent.drop(dropZone(), { dataTransfer: { files: [file(), file()] } });

    expect(screen.getByRole('alert').textContent).toBe('Only one file can be imported at a time.');
    expect(dropZone().className).not.toContain(BulkImportDialogClasses.dropZoneActive);
});

test('a file that misses the zone does not take the place of the page', () => {
    renderImport();
    const drop = createEvent.drop(screen.getByRole('dialog'));

    fireEvent(screen.getByRole('dialog'), drop);

    expect(drop.defaultPrevented).toBe(true);
});

test('it has a name, a description and a place in the order of the tabulator', async () => {
    const { user } = renderImport();

    await user.tab();
    expect(document.activeElement).toBe(fileInput());
    expect(document.getElementById(fileInput().getAttribute('aria-describedby') ?? '')?.textContent).toMatch(
        /first row names the columns/,
    );
});

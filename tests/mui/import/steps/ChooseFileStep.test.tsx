import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { toLatin1, toUtf16 } from '../support/csvFiles.js';
import { fileInput, findButton, nodeFile, renderImport } from '../support/renderImport.js';

const TEXT = 'Last name,E-mail\nÉlie,e@example.com\n';

test('a file that is not in the encoding of its byte order mark can be read in another', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile(toLatin1(`\xEF\xBB\xBF${TEXT}`)));
    await screen.findByText('The file is not written in UTF-8. Choose another encoding.');

    await user.selectOptions(screen.getByLabelText('Encoding'), 'UTF-16 LE');
    await screen.findByText('The file is not written in UTF-16LE. Choose another encoding.');
    await user.selectOptions(screen.getByLabelText('Encoding'), 'Windows-1252');

    await findButton('Check the rows');
    expect(screen.getByLabelText<HTMLSelectElement>('Encoding').value).toBe('windows-1252');
});

test('a file whose quotes seem wrong can be read with another delimiter', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile('Last name,"nick" name;E-mail\nDoe,"Jo" Ann;ann@example.com\n'));
    await screen.findByText(/has a quote in the wrong place/);

    await user.selectOptions(screen.getByLabelText('Between cells'), 'Semicolon');

    await findButton('Check the rows');
    expect(screen.getByLabelText<HTMLSelectElement>('Between cells').value).toBe(';');
});

test('what was wrong with the last choice is not told beside what is wrong with this one', async () => {
    const { user } = renderImport();
    await user.upload(fileInput(), nodeFile('', 'empty.csv'));
    await screen.findByText('The file is empty.');

    const files = [nodeFile(TEXT), nodeFile(TEXT)];
    fireEvent.drop(fileInput(), { dataTransfer: { files } });

    await waitFor(() => expect(screen.queryByText('The file is empty.')).toBeNull());
    expect(screen.getAllByRole('alert')).toHaveLength(1);
});

test('how a file is read is no question where that would not help', async () => {
    const { user } = renderImport();
    expect(screen.queryByLabelText('Encoding')).toBeNull();

    await user.upload(fileInput(), nodeFile(''));

    await screen.findByText('The file is empty.');
    expect(screen.queryByLabelText('Encoding')).toBeNull();
});

test('a UTF-16 file that was cut off says so, and asks for its encoding', async () => {
    const { user } = renderImport();

    await user.upload(fileInput(), nodeFile(toUtf16(`\uFEFF${TEXT}`).slice(0, -1)));

    await screen.findByText('The file is not written in UTF-16LE. Choose another encoding.');
    screen.getByLabelText('Encoding');
    screen.getByLabelText('Between cells');
});

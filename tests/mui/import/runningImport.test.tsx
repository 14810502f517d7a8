import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { RateLimitService } from 'ra-rate-limit';
import { expect, test, vi } from 'vitest';
import {
    button,
    contactsCsv,
    fileInput,
    findButton,
    nodeFile,
    problems,
    renderImport,
} from './support/renderImport.js';

/** A server that answers when it is told to. */
function heldServer() {
    let answer = () => {};
    const answered = new Promise<void>(resolve => {
        answer = resolve;
    });
    return { create: () => answered, answer: () => answer() };
}

type Options = NonNullable<Parameters<typeof renderImport>[0]>;

/** Starts an import of ten rows. */
async function startImport(options: Options, content = contactsCsv(10)) {
    const page = renderImport(options);
    await page.user.upload(fileInput(), nodeFile(content));
    await page.user.click(await findButton('Check the rows'));
    await page.user.click(await findButton('Start the import'));
    return page;
}

const refuse = (retryAfter: number) => {
    throw new HttpError('Too Many Requests', 429, { retry_after: retryAfter });
};

const inConfirmation = async () => within(await screen.findByRole('alertdialog'));

test('shows how many rows are done, and that the page must stay open', async () => {
    const { create, answer } = heldServer();
    await startImport({ create });

    await screen.findByText('0 of 10 rows');
    const bar = screen.getByRole('progressbar', { name: 'Importing contacts.csv' });
    expect(bar.getAttribute('aria-valuetext')).toBe('0 of 10 rows');
    screen.getByText('Keep this page open until the import has ended.');

    answer();
    await screen.findByText('The import has ended.');
});

test('can be paused and resumed', async () => {
    const { create, answer } = heldServer();
    const { user, created } = await startImport({ create, concurrency: 1 });

    await user.click(await findButton('Pause'));
    await screen.findByText('Paused.', { selector: '.MuiAlert-message' });
    expect(screen.queryByRole('alert')).toBeNull(); // it is announced as a status, and once is enough
    answer();
    await waitFor(() => expect(created).toHaveLength(1));
    expect(screen.queryByText('The import has ended.')).toBeNull();

    await user.click(button('Resume'));
    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(10);
});

test('asks before it is stopped, and goes on meanwhile', async () => {
    const { create, answer } = heldServer();
    const { user, created } = await startImport({ create, concurrency: 1 });

    await user.click(await findButton('Stop the import'));
    const question = await inConfirmation();
    question.getByText('The rows that were imported stay. The others will not be imported.');
    await user.click(question.getByRole('button', { name: 'Go on' }));

    answer();
    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(10);
});

test('stopped, it waits for the rows on their way and tells what was not imported', async () => {
    const { create, answer } = heldServer();
    const { user, created } = await startImport({ create, concurrency: 1 });
    await user.click(await findButton('Stop the import'));

    await user.click((await inConfirmation()).getByRole('button', { name: 'Stop the import' }));
    await screen.findByText('Stopping. Rows on their way are awaited.');
    answer();

    await screen.findByText('The import was stopped.');
    expect(screen.getByText('Not imported').nextSibling?.textContent).toBe('9');
    expect(created).toHaveLength(1);
});

test.each([
    ['Escape', async () => fireEvent.keyDown(await screen.findByRole('dialog'), { key: 'Escape' })],
    ['the close button', async () => fireEvent.click(await findButton('Close'))],
])('%s asks while rows are on their way, and closes at once before and after', async (_, close) => {
    const { create, answer } = heldServer();
    const { closings, user } = await startImport({ create });
    await findButton('Pause');

    await close();
    await user.click((await inConfirmation()).getByRole('button', { name: 'Go on' }));
    expect(closings).toHaveLength(0);

    answer();
    await screen.findByText('The import has ended.');
    await close();
    expect(closings).toHaveLength(1);
});

test('closed and opened again by the app, it still shows the import', async () => {
    const { create, answer } = heldServer();
    const { setOpen } = await startImport({ create });
    await findButton('Pause');

    setOpen(false);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    setOpen(true);

    await screen.findByText('0 of 10 rows');
    answer();
    await screen.findByText('The import has ended.');
});

test('a click beside the dialog does nothing', () => {
    const { closings } = renderImport();

    fireEvent.click(screen.getByRole('dialog').parentElement as HTMLElement);

    expect(closings).toHaveLength(0);
});

test('says that the server is busy, and for how long', async () => {
    let calls = 0;
    await startImport({ create: () => (++calls > 1 ? refuse(12) : undefined), concurrency: 1 });

    await screen.findByText(/^The server is busy, resuming in 1[12] s\.$/);
    expect(screen.getByRole('status').textContent).toBe('The server is busy. The import goes on as soon as it can.');
    expect(screen.queryByRole('alert')).toBeNull(); // it would be read out each second
});

test('starts nothing while the circuit is open, says so and until when, and can be started afterwards', async () => {
    const service = new RateLimitService({ logger: false });
    await service
        .executeWithRetry(async () => refuse(90), { resourceName: 'contacts', operation: 'create' })
        .catch(() => {});

    const { user, created } = await startImport({ service });

    await screen.findByText(
        /^The server is overloaded and takes no requests until \d+:\d\d:\d\d.*, in (8\d|90) s\. Nothing is being sent\.$/,
        { selector: '.MuiAlert-message' },
    );
    const told = screen.getByRole('alert').textContent;
    expect(told).toContain('Nothing is being sent.');
    await screen.findByText(/in 8\d s/, { selector: '.MuiAlert-message' }, { timeout: 3_000 });
    expect(screen.getByRole('alert').textContent).toBe(told); // not each second
    expect(button('Start the import')).toHaveProperty('disabled', true);
    expect(created).toEqual([]);

    service.resetCircuit();
    await screen.findByText('The server may take requests again.');
    expect(button('Start the import')).toHaveProperty('disabled', false);
    await user.click(button('Back'));
    await findButton('Check the rows');
});

test('the heading of each step has the focus, so that it is read out', async () => {
    const { user } = renderImport();
    expect(document.activeElement?.textContent).toBe('Choose a file');

    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    await findButton('Check the rows');
    expect(document.activeElement?.textContent).toBe('Match the columns');

    await user.click(button('Check the rows'));
    await screen.findByText('All rows can be imported: 2.');
    expect(document.activeElement?.textContent).toBe('Check the rows');

    await user.click(button('Start the import'));
    await screen.findByText('The import has ended.');
    expect(document.activeElement?.textContent).toBe('The import has ended.');
});

test('who has stopped it is not asked again, and is not told that it goes on', async () => {
    const { create, answer } = heldServer();
    const { user } = await startImport({ create });
    await user.click(await findButton('Stop the import'));
    await user.click((await inConfirmation()).getByRole('button', { name: 'Stop the import' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());

    await user.click(button('Close'));

    expect(screen.queryByRole('alertdialog')).toBeNull();
    screen.getByText('Stopping. Rows on their way are awaited.');
    answer();
    await screen.findByText('The import was stopped.');
});

test('an import that breaks off and cannot be resumed is not begun anew, which would send its rows twice', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => `Person ${row},${'x'.repeat(2000)}`);
    const file = nodeFile(['Last name,E-mail', ...rows].join('\n'));
    const { user, created, closings } = renderImport({ keyColumn: 'import_key' });
    await user.upload(fileInput(), file);
    await user.click(await findButton('Check the rows'));
    await findButton('Start the import');
    const { slice } = file;
    file.slice = (from = 0, ...rest) => {
        if (from > 0) throw new DOMException('The network drive is gone', 'NotReadableError');
        return slice.call(file, from, ...rest);
    };
    await user.click(button('Start the import'));

    await screen.findByText(/The import ended early/, {}, { timeout: 10_000 });
    await screen.findByText(new RegExp(`^${created.length} of 300 rows were imported and stay`));
    expect(created.length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: /Try again|Back/ })).toBeNull();
    await user.click(button('Done'));
    expect(closings).toHaveLength(1);
});

test('what supabase-js says in a plain object is told', async () => {
    await startImport(
        { transform: () => Promise.reject({ message: 'No such company', code: 'P0001' }) },
        contactsCsv(1),
    );

    await screen.findByText('The import has ended.');
    expect(problems(screen.getByRole('table'))).toEqual([['2', 'No such company']]);
});

test.each([
    ['has no text', () => undefined as unknown as string],
    [
        'throws',
        () => {
            throw new TypeError('bug');
        },
    ],
])('a formatError that %s leaves the message of the error, and all rows in the file', async (_, formatError) => {
    const blobs: Blob[] = [];
    URL.createObjectURL = blob => `blob:${blobs.push(blob as Blob)}`;
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    const create = () => Promise.reject(new HttpError('No room', 409));
    const { user } = await startImport({ create, formatError }, contactsCsv(2));

    await screen.findByText('The import has ended.');
    expect(problems(screen.getByRole('table'))).toEqual([
        ['2', 'No room'],
        ['3', 'No room'],
    ]);
    await user.click(button('Download the failed rows'));

    await waitFor(() => expect(blobs).toHaveLength(1));
    expect((await blobs[0]?.text())?.trim().split('\r\n')).toHaveLength(3);
    vi.restoreAllMocks();
});

test('a validator that returns an error instead of throwing it', async () => {
    const { user } = renderImport({ validate: (() => new Error('wrong')) as never });
    await user.upload(fileInput(), nodeFile(contactsCsv(1)));
    await user.click(await findButton('Check the rows'));

    await screen.findByText('None of the rows can be imported.');
    expect(problems(screen.getByRole('table'))).toEqual([['2', 'wrong']]);
});

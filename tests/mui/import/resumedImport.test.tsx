import 'fake-indexeddb/auto';
import { act, screen, waitFor, within } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { RateLimitService } from 'ra-rate-limit';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { findResumable, keepWithImport, removeImport } from '../../../src/react/import/importStore.js';
import {
    button,
    contactsCsv,
    fileInput,
    findButton,
    type ImportScreenOptions,
    nodeFile,
    problems,
    renderImport,
} from './support/renderImport.js';

let resumeKey = '';
let count = 0;
beforeEach(() => {
    resumeKey = `contacts-import-${++count}`;
});

/** Imports the first four of ten rows. Then the page is closed, and the fifth on its way. */
async function breakOff(content = contactsCsv(10), options: ImportScreenOptions = {}) {
    let isFifthSent = false;
    let lose = () => {};
    const lost = new Promise<void>((_, reject) => {
        lose = () => reject(new TypeError('Failed to fetch'));
    });
    const { user, created, unmount } = renderImport({
        ...options,
        resumeKey,
        keyColumn: 'import_key',
        concurrency: 1,
        create: ({ last_name }) => {
            isFifthSent = last_name === 'Person 6';
            return isFifthSent ? lost : undefined;
        },
    });
    await user.upload(fileInput(), nodeFile(content));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    screen.getByText('If this page is closed, the import can be resumed later.');
    await waitFor(() => expect(isFifthSent).toBe(true));
    unmount();
    lose();
    return created;
}

test('an import that was broken off is offered, and goes on where it was, without the file being chosen again', async () => {
    const earlier = await breakOff();

    const { user, created } = renderImport({ resumeKey, keyColumn: 'import_key' });
    await screen.findByText('The import of contacts.csv did not come to its end: 4 of 10 rows are done.');
    await user.click(button('Resume the import'));

    await screen.findByText('The import has ended.');
    expect(screen.getByText('Imported').nextSibling?.textContent).toBe('10');
    expect([...earlier, ...created].map(({ last_name }) => last_name)).toEqual(
        Array.from({ length: 10 }, (_, index) => `Person ${index + 2}`),
    );
    expect(await findResumable(resumeKey)).toBeNull();
});

test('choosing the same file again goes on with the import as well', async () => {
    await breakOff();

    const { user, created } = renderImport({ resumeKey, keyColumn: 'import_key' });
    await findButton('Resume the import');
    await user.upload(fileInput(), nodeFile(contactsCsv(10)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(6);
});

test('an import whose file has changed goes on with the file as it was kept', async () => {
    const rows = ['Last name,E-mail', 'Person 1,a', `${'x'.repeat(800_000)},b`, 'Person 3,c'];
    const file = nodeFile(rows.join('\n'));
    const { user, created } = renderImport({
        resumeKey,
        keyColumn: 'import_key',
        concurrency: 1,
        create: () => {
            file.slice = () => {
                throw new DOMException('changed', 'NotReadableError');
            };
        },
    });
    await user.upload(fileInput(), file);
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await screen.findByText(/The import ended early. The file cannot be read/);
    expect(created).toHaveLength(1);

    await user.click(await findButton('Try again'));

    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(3);
});

test('another file is not imported before the earlier import is discarded', async () => {
    await breakOff();
    const { user, created } = renderImport({ resumeKey, keyColumn: 'import_key' });
    await findButton('Resume the import');
    await user.upload(fileInput(), nodeFile(contactsCsv(3)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await screen.findByText(/An earlier import of other rows has not ended/);
    expect(created).toEqual([]);

    await user.click(button('Back'));
    await user.click(await findButton('Back'));
    await user.click(await findButton('Discard'));
    await waitFor(() => expect(screen.queryByText(/did not come to its end/)).toBeNull());
    expect(await findResumable(resumeKey)).toBeNull();
    await user.upload(fileInput(), nodeFile(contactsCsv(3)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(3);
});

test('without its file, which a browser may not keep, the person is asked to choose it again', async () => {
    await breakOff();
    await keepWithImport(resumeKey, undefined);

    const { user, created } = renderImport({ resumeKey, keyColumn: 'import_key' });
    await screen.findByText(
        'An import did not come to its end: 4 rows are done. Choose the same file and columns to go on with it.',
    );
    expect(screen.queryByRole('button', { name: 'Resume the import' })).toBeNull();
    await user.upload(fileInput(), nodeFile(contactsCsv(10)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(6);
});

test('an import that was stopped can be resumed', async () => {
    let answer = () => {};
    const answered = new Promise<void>(resolve => {
        answer = resolve;
    });
    const { user, created } = renderImport({ resumeKey, concurrency: 1, create: () => answered });
    await user.upload(fileInput(), nodeFile(contactsCsv(3)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await waitFor(() => expect(button('Stop the import')).toHaveProperty('disabled', false));
    await user.click(button('Stop the import'));
    const question = within(await screen.findByRole('alertdialog'));
    question.getByText('The rows that were imported stay. The others can be imported later.');
    await user.click(question.getByRole('button', { name: 'Stop the import' }));
    answer();

    await screen.findByText('The import was stopped.');
    await screen.findByText('It can be resumed: open the import again.');
    expect(created).toHaveLength(1);
    expect(await findResumable(resumeKey)).toHaveProperty('kept');
});

test('a file is not kept for an import that the open circuit did not let start', async () => {
    const service = new RateLimitService({ logger: false });
    const refuse = () => Promise.reject(new HttpError('Too Many Requests', 429, { retry_after: 90 }));
    await service.executeWithRetry(refuse, { resourceName: 'contacts', operation: 'create' }).catch(() => {});
    const { user } = renderImport({ resumeKey, service });
    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText(/The server is overloaded/, { selector: '.MuiAlert-message' });

    expect(await findResumable(resumeKey)).toBeNull();
});

test('an import that another tab has resumed meanwhile is not imported anew', async () => {
    const earlier = await breakOff();
    const { user, created } = renderImport({ resumeKey, keyColumn: 'import_key' });
    await findButton('Resume the import');
    await removeImport(resumeKey);

    await user.click(button('Resume the import'));

    await screen.findByText(/This import has come to its end or was discarded meanwhile, in another tab/);
    expect(earlier).toHaveLength(4);
    expect(created).toEqual([]);
});

/** Another tab has the lock of the import. */
function lockElsewhere({ isToldInTime = true } = {}) {
    const locks = {
        request: (_: string, __: LockOptions, action: (lock: null) => unknown) => action(null),
        query: async () => ({ held: isToldInTime ? [{ name: `ra-rate-limit: ${resumeKey}` }] : [] }),
    };
    Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(navigator, 'locks'));
}

const RUNS_ELSEWHERE = 'This import is under way in another tab. Wait for its end, or close that tab.';

test('an import that runs in another tab is not offered, and the person is told', async () => {
    await breakOff();
    lockElsewhere();
    const { user, created } = renderImport({ resumeKey });

    await screen.findByText(RUNS_ELSEWHERE);
    expect(screen.queryByRole('button', { name: /Resume|Discard/ })).toBeNull();
    await user.upload(fileInput(), nodeFile(contactsCsv(10)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    // Nothing has ended: it did not begin.
    expect((await screen.findByRole('alert')).textContent?.trim()).toBe(RUNS_ELSEWHERE);
    expect(created).toEqual([]);
});

test.each([
    ['and the person has come back to this one', () => document.dispatchEvent(new Event('visibilitychange'))],
    ['which is seen only now', () => false],
])('an import that another tab has brought to its end, %s, is not tried again', async (_, comeBack) => {
    await breakOff();
    lockElsewhere();
    const { user, created, closings } = renderImport({ resumeKey, keyColumn: 'import_key' });
    await screen.findByText(RUNS_ELSEWHERE);
    await user.upload(fileInput(), nodeFile(contactsCsv(10)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await findButton('Try again');
    await removeImport(resumeKey);
    Reflect.deleteProperty(navigator, 'locks');
    comeBack();
    // IndexedDB answers in order: what the screen has asked for is there before this is.
    await act(() => findResumable(resumeKey));

    await user.click(button('Try again'));

    await screen.findByText(/This import has come to its end or was discarded meanwhile, in another tab/);
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    button('Back');
    await user.click(button('Done'));
    expect(closings).toHaveLength(1);
    expect(created).toEqual([]);
});

test('an import of other rows is discarded where it is in the way', async () => {
    await breakOff();
    const { user, created } = renderImport({ resumeKey, keyColumn: 'import_key' });
    await findButton('Resume the import');
    await user.upload(fileInput(), nodeFile(contactsCsv(10).replaceAll('Person', 'Somebody')));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await screen.findByText(/^An earlier import of other rows has not ended/);
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();

    await user.click(button('Discard'));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(10);
});

test('an import that has been resumed in another tab is not discarded, and the person is told', async () => {
    await breakOff();
    lockElsewhere({ isToldInTime: false });
    const { user } = renderImport({ resumeKey });

    await user.click(await findButton('Discard'));

    await screen.findByText(RUNS_ELSEWHERE);
    expect(await findResumable(resumeKey)).not.toBeNull();
});

test('what was wrong with the file before is told in the person’s language afterwards', async () => {
    await breakOff(contactsCsv(10).replace('Person 3', ''));
    const { user } = renderImport({ resumeKey, keyColumn: 'import_key', formatError: () => 'of the server' });

    await user.click(await findButton('Resume the import'));

    await screen.findByText('The import has ended.');
    expect(problems(screen.getByRole('table'))).toEqual([['3', 'Last name is missing.']]);
});

test('an import is resumed after the language, and with it the labels, have changed', async () => {
    const fields = (label: string) => [
        { source: 'last_name', label, required: true, aliases: ['Last name'] },
        { source: 'email', label: 'E-mail' },
    ];
    await breakOff(contactsCsv(10).replace('Person 3', ''), { fields: fields('Last name') });

    const { user, created } = renderImport({ resumeKey, keyColumn: 'import_key', fields: fields('Nom') });
    await user.click(await findButton('Resume the import'));

    await screen.findByText('The import has ended.');
    expect(created).toHaveLength(6);
});

test('what another screen has kept under the same name is no file: the person is asked for it', async () => {
    await breakOff();
    await keepWithImport(resumeKey, nodeFile('a'));

    renderImport({ resumeKey, keyColumn: 'import_key' });

    await screen.findByText(/^An import did not come to its end: 4 rows are done/);
    await findButton('Discard');
});

test('a resumed import that the open circuit does not let start shows its good rows when one goes back', async () => {
    await breakOff(contactsCsv(10).replace('p3@example.com', 'p3@example.com,one more'));
    const service = new RateLimitService({ logger: false });
    const refuse = () => Promise.reject(new HttpError('Too Many Requests', 429, { retry_after: 90 }));
    await service.executeWithRetry(refuse).catch(() => {});
    const { user } = renderImport({ resumeKey, keyColumn: 'import_key', service });
    await user.click(await findButton('Resume the import'));
    await screen.findByText(/The server is overloaded/, { selector: '.MuiAlert-message' });

    await user.click(button('Back'));

    await findButton('Check the rows');
    screen.getByText('Person 2', { selector: 'td' });
    expect(screen.queryByText(/The row has more cells/)).toBeNull();
});

test('where the browser has no room to keep it, nothing is promised', async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
        throw new DOMException('It is full', 'QuotaExceededError');
    });
    onTestFinished(() => put.mockRestore());
    const { user } = renderImport({ resumeKey, create: () => new Promise(() => {}) });
    await user.upload(fileInput(), nodeFile(contactsCsv(3)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));

    await screen.findByText('Keep this page open until the import has ended.');
    expect(screen.queryByText(/can be resumed later/)).toBeNull();
});

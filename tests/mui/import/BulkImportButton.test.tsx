import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { withRateLimit } from 'ra-rate-limit';
import {
    BulkImportButton,
    type BulkImportButtonProps,
    BulkImportDialogClasses,
    type ImportRow,
    importRowOptions,
} from 'ra-rate-limit/mui';
import { useBulkImport } from 'ra-rate-limit/react';
import type { ReactNode } from 'react';
import {
    AdminContext,
    type AdminContextProps,
    type AuthProvider,
    CreateButton,
    type DataProvider,
    defaultI18nProvider,
    memoryStore,
    ResourceContextProvider,
    testDataProvider,
} from 'react-admin';
import { expect, onTestFinished, test, vi } from 'vitest';
import { contactsCsv, FIELDS, fileInput, findButton, nodeFile } from './support/renderImport.js';

function renderToolbar(children: ReactNode, context: Partial<AdminContextProps> = {}, resource = 'contacts') {
    const created: [string, unknown][] = [];
    const create = async (resource: string, { data }: { data: object }) => {
        created.push([resource, data]);
        return { data: { id: created.length, ...data } };
    };
    const dataProvider = withRateLimit(testDataProvider({ create } as Partial<DataProvider>));
    const { unmount } = render(
        <AdminContext dataProvider={dataProvider} i18nProvider={defaultI18nProvider} store={memoryStore()} {...context}>
            <ResourceContextProvider value={resource}>{children}</ResourceContextProvider>
        </AdminContext>,
    );
    onTestFinished(unmount);
    return { created, user: userEvent.setup() };
}

const importAll = async (user: ReturnType<typeof userEvent.setup>) => {
    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await screen.findByText('The import has ended.');
};

test('opens the dialog for the resource of the list, and has the focus again when that is closed', async () => {
    const { user, created } = renderToolbar(<BulkImportButton fields={FIELDS} />);
    expect(screen.queryByRole('dialog')).toBeNull();
    const button = screen.getByRole('button', { name: 'Import' });

    await user.click(button);
    screen.getByRole('dialog', { name: 'Import Contacts' });
    await importAll(user);
    await user.click(await findButton('Done'));

    expect(created.map(([resource]) => resource)).toEqual(['contacts', 'contacts']);
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(button);
});

test('opened again, it begins anew', async () => {
    const { user } = renderToolbar(<BulkImportButton fields={FIELDS} />);
    await user.click(screen.getByRole('button', { name: 'Import' }));
    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    await findButton('Check the rows');
    await user.keyboard('{Escape}');
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();

    await user.click(screen.getByRole('button', { name: 'Import' }));

    expect(fileInput()).toBeDefined();
});

const PeopleToolbar = () => {
    const peopleImport = useBulkImport<ImportRow>({
        resource: 'people',
        ...importRowOptions({ transform: ({ last_name }) => ({ name: last_name }) }),
    });
    return <BulkImportButton fields={FIELDS} import={peopleImport} />;
};

const authProviderFor = (canAccess: NonNullable<AuthProvider['canAccess']>): AuthProvider => ({
    login: async () => {},
    logout: async () => {},
    checkAuth: async () => {},
    checkError: async () => {},
    canAccess,
});

test('is for those who may create records of the resource', async () => {
    const canAccess = vi.fn(async ({ action }: { action: string }) => action === 'create');
    renderToolbar(<BulkImportButton fields={FIELDS} />, { authProvider: authProviderFor(canAccess) });

    expect(screen.queryByRole('button')).toBeNull();
    await screen.findByRole('button', { name: 'Import' });
    expect(canAccess).toHaveBeenCalledWith(expect.objectContaining({ resource: 'contacts', action: 'create' }));
});

test('asks for it together with react-admin’s button beside it, and in the same words', async () => {
    const canAccess = vi.fn(async () => true);
    renderToolbar(
        <>
            <CreateButton />
            <BulkImportButton fields={FIELDS} />
        </>,
        { authProvider: authProviderFor(canAccess) },
    );

    await screen.findByRole('link', { name: 'Create' });
    await screen.findByRole('button', { name: 'Import' });

    expect(canAccess).toHaveBeenCalledTimes(1);
});

test('is not there for others', async () => {
    const canAccess = vi.fn(async () => false);
    renderToolbar(<BulkImportButton fields={FIELDS} />, { authProvider: authProviderFor(canAccess) });

    await expect.poll(() => canAccess.mock.calls.length).toBe(1);
    await act(async () => {});

    expect(screen.queryByRole('button')).toBeNull();
});

test('an import of one’s own, where no resource is known, is for everybody', async () => {
    const canAccess = vi.fn(async () => false);
    renderToolbar(<PeopleToolbar />, { authProvider: authProviderFor(canAccess) }, '');

    screen.getByRole('button', { name: 'Import' });
    await act(async () => {});
    expect(canAccess).not.toHaveBeenCalled();
});

test('takes an import of one’s own', async () => {
    const { user, created } = renderToolbar(<PeopleToolbar />);

    await user.click(screen.getByRole('button', { name: 'Import' }));
    await importAll(user);

    expect(created).toEqual([
        ['people', { name: 'Person 2' }],
        ['people', { name: 'Person 3' }],
    ]);
});

test('texts are those of the app where it has some', async () => {
    const i18nProvider = {
        ...defaultI18nProvider,
        getLocale: () => 'fr',
        translate: (key: string, options?: { _?: string; name?: string }) =>
            ({ 'ra-rate-limit.import.button': 'Importer', 'ra-rate-limit.import.title': `Importer ${options?.name}` })[
                key
            ] ?? defaultI18nProvider.translate(key, options),
    };
    const { user } = renderToolbar(<BulkImportButton fields={FIELDS} />, { i18nProvider });

    await user.click(screen.getByRole('button', { name: 'Importer' }));

    screen.getByRole('dialog', { name: 'Importer Contacts' });
});

test('can be restyled and configured in the theme', async () => {
    const props: Partial<BulkImportButtonProps> = { label: 'Load contacts' };
    const theme: NonNullable<AdminContextProps['theme']> = {
        components: {
            RaBulkImportButton: { defaultProps: props },
            RaBulkImportDialog: {
                styleOverrides: { root: { [`& .${BulkImportDialogClasses.heading}`]: { color: 'rgb(1, 2, 3)' } } },
            },
        },
    };
    const { user } = renderToolbar(<BulkImportButton fields={FIELDS} />, { theme });

    await user.click(screen.getByRole('button', { name: 'Load contacts' }));

    expect(getComputedStyle(screen.getByRole('heading', { name: 'Choose a file' })).color).toBe('rgb(1, 2, 3)');
});

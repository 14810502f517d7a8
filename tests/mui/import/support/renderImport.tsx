import { File as NodeFile } from 'node:buffer';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RateLimitService, withRateLimit } from 'ra-rate-limit';
import { BulkImportDialog, type BulkImportDialogProps } from 'ra-rate-limit/mui';
import {
    AdminContext,
    type AdminContextProps,
    type DataProvider,
    defaultI18nProvider,
    memoryStore,
    testDataProvider,
} from 'react-admin';
import { onTestFinished } from 'vitest';

export interface ImportScreenOptions extends Partial<BulkImportDialogProps> {
    create?: (record: Record<string, unknown>) => Promise<void> | void;
    service?: RateLimitService;
    theme?: NonNullable<AdminContextProps['theme']>;
}

export const FIELDS = [
    { source: 'last_name', required: true, aliases: ['nom'] },
    { source: 'email', label: 'E-mail' },
];

/** Shows the dialog above a data provider that keeps what it is given. */
export function renderImport({ create, service, theme, ...props }: ImportScreenOptions = {}) {
    const created: Record<string, unknown>[] = [];
    const dataProvider = withRateLimit(
        testDataProvider({
            create: async (_resource, { data }) => {
                await create?.(data);
                created.push(data);
                return { data: { id: created.length, ...data } };
            },
        } as Partial<DataProvider>),
        { service: service ?? new RateLimitService({ logger: false }) },
    );
    const closings: true[] = [];
    const store = memoryStore();
    const dialog = (open: boolean, changed: Partial<BulkImportDialogProps> = {}) => (
        <AdminContext
            dataProvider={dataProvider}
            i18nProvider={defaultI18nProvider}
            store={store}
            {...(theme && { theme })}
        >
            <BulkImportDialog
                open={open}
                onClose={() => closings.push(true)}
                resource="contacts"
                fields={FIELDS}
                {...props}
                {...changed}
            />
        </AdminContext>
    );
    const view = render(dialog(true));
    onTestFinished(view.unmount);
    return {
        created,
        closings,
        user: userEvent.setup(),
        unmount: view.unmount,
        setProps: (changed: Partial<BulkImportDialogProps>) => view.rerender(dialog(true, changed)),
        setOpen: (open: boolean) => view.rerender(dialog(open)),
    };
}

/** A file of Node's own: unlike jsdom's, it can be kept in IndexedDB. */
export const nodeFile = (content: string | ArrayBuffer | Uint8Array, name = 'contacts.csv') =>
    new NodeFile([content as string], name) as unknown as File;

export const contactsCsv = (rows: number, badRows: number[] = []) =>
    [
        'Last name,E-mail',
        ...Array.from({ length: rows }, (_, index) =>
            badRows.includes(index + 2) ? `Bad ${index + 2},nonsense` : `Person ${index + 2},p${index + 2}@example.com`,
        ),
    ].join('\n');

export const fileInput = () => screen.getByLabelText<HTMLInputElement>(/Drop a CSV file here/);

export const button = (name: string) => screen.getByRole('button', { name });
export const findButton = (name: string) => screen.findByRole('button', { name });

/** The rows of the table of problems, as texts. */
export const problems = (table: HTMLElement) =>
    within(table)
        .getAllByRole('row')
        .slice(1)
        .map(row => [...row.children].map(cell => cell.textContent));

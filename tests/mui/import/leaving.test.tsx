import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { withRateLimit } from 'ra-rate-limit';
import { BulkImportDialog } from 'ra-rate-limit/mui';
import { AdminContext, defaultI18nProvider, Form, TextInput, testDataProvider, useNavigate } from 'react-admin';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { contactsCsv, FIELDS, fileInput, findButton, nodeFile } from './support/renderImport.js';

const confirm = vi.fn(() => false);
let navigate: ReturnType<typeof useNavigate>;

beforeEach(() => {
    confirm.mockClear();
    vi.stubGlobal('confirm', confirm);
    window.location.hash = '#/contacts/1';
});

afterEach(() => {
    vi.unstubAllGlobals();
    window.location.hash = '';
});

const Navigation = () => {
    navigate = useNavigate();
    return null;
};

/** A form that warns of unsaved changes, and a dialog that comes after it. */
function renderFormWithImport() {
    const create = () => new Promise<never>(() => {});
    const dataProvider = withRateLimit(testDataProvider({ create }), { logger: false });
    const { unmount } = render(
        <AdminContext dataProvider={dataProvider} i18nProvider={defaultI18nProvider}>
            <Navigation />
            <Form warnWhenUnsavedChanges record={{ id: 1, name: 'Ada' }}>
                <TextInput source="name" resource="contacts" />
            </Form>
            <BulkImportDialog open onClose={() => {}} resource="contacts" fields={FIELDS} />
        </AdminContext>,
    );
    onTestFinished(unmount);
}

test('a form beside an import that does not run still warns of unsaved changes', async () => {
    renderFormWithImport();
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Grace' } });

    await act(async () => navigate('/companies'));

    await waitFor(() => expect(confirm).toHaveBeenCalledTimes(1));
    expect(confirm).not.toHaveBeenCalledWith('The import has not ended. Leave the page anyway?');
    expect(window.location.hash).not.toContain('companies');
});

test('a running import asks before the page is left, whatever form there is', async () => {
    renderFormWithImport();
    const user = userEvent.setup();
    await user.upload(fileInput(), nodeFile(contactsCsv(2)));
    await user.click(await findButton('Check the rows'));
    await user.click(await findButton('Start the import'));
    await findButton('Stop the import');

    await act(async () => navigate('/companies'));

    expect(confirm).toHaveBeenCalledExactlyOnceWith('The import has not ended. Leave the page anyway?');
    expect(window.location.hash).not.toContain('companies');
});

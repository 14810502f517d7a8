import { Button, MenuItem, Stack, TextField } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { type RaRecord, useCreate, useNotify, useRecordContext, useRefresh, useTranslate } from 'react-admin';
import { useText } from '../i18n/useText';
import { NOTE_KINDS } from '../shared/choices';
import { useNotifyError } from '../shared/useNotifyError';

/** Adds a note to the contact of the page. What was typed stays until it has been saved. */
export const AddNote = () => {
    const text = useText();
    const translate = useTranslate();
    const contact = useRecordContext();
    const notify = useNotify();
    const notifyError = useNotifyError();
    const refresh = useRefresh();
    const [create, { isPending }] = useCreate<RaRecord, Error>();
    const [kind, setKind] = useState<string>('call');
    const [note, setNote] = useState('');
    if (!contact) return null;

    const save = (event: FormEvent) => {
        event.preventDefault();
        void create(
            'contact_notes',
            { data: { contact_id: contact.id, kind, text: note } },
            {
                onSuccess: () => {
                    setNote('');
                    notify('crm.note.added', { type: 'success' });
                    refresh();
                },
                onError: notifyError,
            },
        );
    };

    return (
        <Stack component="form" onSubmit={save} spacing={1} sx={{ mb: 2, alignItems: 'flex-start' }}>
            <TextField
                label={text('crm.note.add')}
                value={note}
                onChange={event => setNote(event.target.value)}
                multiline
                minRows={2}
                fullWidth
            />
            <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
                <TextField
                    select
                    label={translate('resources.contact_notes.fields.kind')}
                    size="small"
                    value={kind}
                    onChange={event => setKind(event.target.value)}
                    sx={{ minWidth: 130 }}
                >
                    {NOTE_KINDS.map(({ id, name }) => (
                        <MenuItem key={id} value={id}>
                            {translate(name)}
                        </MenuItem>
                    ))}
                </TextField>
                <Button
                    type="submit"
                    variant="contained"
                    loading={isPending}
                    disabled={!note.trim()}
                    sx={{ whiteSpace: 'nowrap' }}
                >
                    {text('crm.note.submit')}
                </Button>
            </Stack>
        </Stack>
    );
};

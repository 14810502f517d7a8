import { Button, MenuItem, Stack, TextField } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { type RaRecord, useCreate, useNotify, useRecordContext, useRefresh } from 'react-admin';
import { NOTE_KINDS } from '../shared/choices';

/** Adds a note to the contact of the page. What was typed stays until it has been saved. */
export const AddNote = () => {
    const contact = useRecordContext();
    const notify = useNotify();
    const refresh = useRefresh();
    const [create, { isPending }] = useCreate<RaRecord, Error>();
    const [kind, setKind] = useState<string>('call');
    const [text, setText] = useState('');
    if (!contact) return null;

    const save = (event: FormEvent) => {
        event.preventDefault();
        void create(
            'contact_notes',
            { data: { contact_id: contact.id, kind, text } },
            {
                onSuccess: () => {
                    setText('');
                    notify('Note added', { type: 'success' });
                    refresh();
                },
                onError: error => notify(error.message, { type: 'error' }),
            },
        );
    };

    return (
        <Stack component="form" onSubmit={save} spacing={1} sx={{ mb: 2, alignItems: 'flex-start' }}>
            <TextField
                label="Add a note"
                value={text}
                onChange={event => setText(event.target.value)}
                multiline
                minRows={2}
                fullWidth
            />
            <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
                <TextField
                    select
                    label="Kind"
                    size="small"
                    value={kind}
                    onChange={event => setKind(event.target.value)}
                    sx={{ minWidth: 130 }}
                >
                    {NOTE_KINDS.map(({ id, name }) => (
                        <MenuItem key={id} value={id}>
                            {name}
                        </MenuItem>
                    ))}
                </TextField>
                <Button
                    type="submit"
                    variant="contained"
                    loading={isPending}
                    disabled={!text.trim()}
                    sx={{ whiteSpace: 'nowrap' }}
                >
                    Add note
                </Button>
            </Stack>
        </Stack>
    );
};

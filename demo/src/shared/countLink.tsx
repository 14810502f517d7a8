import { Link } from '@mui/material';
import { type RaRecord, useRecordContext } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { useFormat } from '../i18n/useFormat';

export interface CountLinkProps {
    source: string;
    /** The filter of the list of contacts that shows what was counted. */
    filter: (record: RaRecord) => Record<string, unknown>;
}

/** How many contacts, as a link to them. */
export const CountLink = ({ source, filter }: CountLinkProps) => {
    const record = useRecordContext();
    const { number } = useFormat();
    if (!record) return null;
    const search = new URLSearchParams({ filter: JSON.stringify(filter(record)), page: '1' });
    return (
        <Link
            component={RouterLink}
            to={{ pathname: '/contacts', search: search.toString() }}
            onClick={event => event.stopPropagation()}
        >
            {number(record[source] ?? 0)}
        </Link>
    );
};

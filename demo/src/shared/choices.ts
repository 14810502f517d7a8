import type { ChipProps } from '@mui/material';
import type { TextKey } from '../i18n/text';

export interface Choice {
    id: string;
    /** Translated by react-admin's inputs and fields. */
    name: TextKey;
    color: NonNullable<ChipProps['color']>;
}

/** The choices of the columns that have a check constraint in the database. */

export const CONTACT_STATUSES = [
    { id: 'lead', name: 'crm.status.lead', color: 'info' },
    { id: 'customer', name: 'crm.status.customer', color: 'success' },
    { id: 'partner', name: 'crm.status.partner', color: 'warning' },
    { id: 'inactive', name: 'crm.status.inactive', color: 'default' },
] as const satisfies Choice[];

export const STAGES = [
    { id: 'lead', name: 'crm.stage.lead', color: 'default' },
    { id: 'qualified', name: 'crm.stage.qualified', color: 'info' },
    { id: 'proposal', name: 'crm.stage.proposal', color: 'primary' },
    { id: 'negotiation', name: 'crm.stage.negotiation', color: 'warning' },
    { id: 'won', name: 'crm.stage.won', color: 'success' },
    { id: 'lost', name: 'crm.stage.lost', color: 'error' },
] as const satisfies Choice[];

export const NOTE_KINDS = [
    { id: 'call', name: 'crm.noteKind.call', color: 'primary' },
    { id: 'email', name: 'crm.noteKind.email', color: 'info' },
    { id: 'meeting', name: 'crm.noteKind.meeting', color: 'success' },
    { id: 'other', name: 'crm.noteKind.other', color: 'default' },
] as const satisfies Choice[];

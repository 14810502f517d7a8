/** The choices of the columns that have a check constraint in the database. */

export const CONTACT_STATUSES = [
    { id: 'lead', name: 'Lead', color: 'info' },
    { id: 'customer', name: 'Customer', color: 'success' },
    { id: 'partner', name: 'Partner', color: 'warning' },
    { id: 'inactive', name: 'Inactive', color: 'default' },
] as const;

export const STAGES = [
    { id: 'lead', name: 'Lead', color: 'default' },
    { id: 'qualified', name: 'Qualified', color: 'info' },
    { id: 'proposal', name: 'Proposal', color: 'primary' },
    { id: 'negotiation', name: 'Negotiation', color: 'warning' },
    { id: 'won', name: 'Won', color: 'success' },
    { id: 'lost', name: 'Lost', color: 'error' },
] as const;

export const NOTE_KINDS = [
    { id: 'call', name: 'Call', color: 'primary' },
    { id: 'email', name: 'E-mail', color: 'info' },
    { id: 'meeting', name: 'Meeting', color: 'success' },
    { id: 'other', name: 'Other', color: 'default' },
] as const;

import { englishImport } from './englishImport';
import { englishLimits } from './englishLimits';

const NO_CONNECTION = 'No connection to the server. Please try again.';

/** All texts of the demo itself. Those of react-admin and of ra-rate-limit come with them. */
export const english = {
    resources: {
        contacts: {
            name: 'Contact |||| Contacts',
            fields: {
                first_name: 'First name',
                last_name: 'Last name',
                title: 'Title',
                company_id: 'Company',
                email: 'E-mail',
                phone: 'Phone',
                status: 'Status',
                segment_id: 'Segment',
                tag_ids: 'Tags',
                newsletter: 'Receives the newsletter',
                created_at: 'Contact since',
            },
            page: { create: 'Create Contact', empty: 'No contacts yet.', invite: 'Do you want to add one?' },
        },
        companies: {
            name: 'Company |||| Companies',
            fields: {
                name: 'Name',
                sector: 'Sector',
                website: 'Website',
                phone: 'Phone',
                address: 'Address',
                city: 'City',
                country: 'Country',
                employees: 'Employees',
                description: 'Description',
                contacts_count: 'Contacts',
                open_amount: 'Open opportunities',
            },
            page: { create: 'Create Company', empty: 'No companies yet.', invite: 'Do you want to add one?' },
        },
        opportunities: {
            name: 'Opportunity |||| Opportunities',
            fields: {
                name: 'Name',
                company_id: 'Company',
                contact_id: 'Contact',
                stage: 'Stage',
                amount: 'Amount',
                expected_on: 'Expected on',
                description: 'Description',
                updated_at: 'Last change',
                lines: 'Products',
                'lines.product_id': 'Product',
                'lines.quantity': 'Quantity',
                'lines.unit_price': 'Unit price (USD)',
            },
            page: { create: 'Create Opportunity', empty: 'No opportunities yet.', invite: 'Do you want to add one?' },
        },
        contact_notes: {
            name: 'Note |||| Notes',
            fields: { contact_id: 'Contact', kind: 'Kind', text: 'Note', created_at: 'Date' },
            page: { create: 'New note', edit: 'Note', empty: 'No notes yet.', invite: 'Do you want to add one?' },
        },
        segments: {
            name: 'Segment |||| Segments',
            fields: {
                name: 'Name',
                description: 'Description',
                contacts_count: 'Contacts',
                created_at: 'Created',
            },
            page: { create: 'Create Segment', empty: 'No segments yet.', invite: 'Do you want to add one?' },
        },
        tags: {
            name: 'Tag |||| Tags',
            fields: { name: 'Name', color: 'Color', contacts_count: 'Contacts' },
            page: { create: 'Create Tag', empty: 'No tags yet.', invite: 'Do you want to add one?' },
        },
        products: {
            name: 'Product |||| Products',
            fields: {
                name: 'Name',
                reference: 'Reference',
                category: 'Category',
                unit_price: 'Unit price',
                description: 'Description',
                available: 'Available',
            },
            page: { create: 'Create Product', empty: 'No products yet.', invite: 'Do you want to add one?' },
        },
    },
    crm: {
        menu: { rateLimit: 'Rate limit', serverLimits: 'Server limits' },
        status: { lead: 'Lead', customer: 'Customer', partner: 'Partner', inactive: 'Inactive' },
        stage: {
            lead: 'Lead',
            qualified: 'Qualified',
            proposal: 'Proposal',
            negotiation: 'Negotiation',
            won: 'Won',
            lost: 'Lost',
        },
        noteKind: { call: 'Call', email: 'E-mail', meeting: 'Meeting', other: 'Other' },
        category: { license: 'License', service: 'Service', support: 'Support', addOn: 'Add-on' },
        column: { name: 'Name', since: 'Since', expected: 'Expected', tag: 'Tag' },
        search: {
            company: 'Name, sector or place',
            contact: 'Name, e-mail or title',
            name: 'Name',
            note: 'Words of the note',
        },
        dashboard: {
            welcome: 'Good to see you',
            openOpportunities: 'Open opportunities',
            pipeline: 'Pipeline',
            latestNotes: 'Latest notes',
        },
        note: { add: 'Add a note', submit: 'Add note', added: 'Note added', edit: 'Edit note' },
        segment: { typeName: 'Type a name to create a segment', create: 'Create the segment %{item}' },
        line: {
            add: 'Add a product',
            empty: 'No products yet.',
            unitPrice: 'Unit price',
            total: 'Total',
            totalOf: 'Total %{amount}',
        },
        tag: { preview: 'Preview' },
        product: { unitPrice: 'Unit price (USD)', referenceHint: 'Unique, such as CRM-010' },
        none: 'None',
        unknown: 'Unknown',
        open: 'Open',
        notAWebAddress: 'An address that begins with https://',
        notAColor: 'A color such as #42a5f5',
        import: englishImport,
        limits: englishLimits,
    },
    // What fetch says in Chromium, Firefox and Safari without a connection: react-admin shows the message of an error.
    'Failed to fetch': NO_CONNECTION,
    'NetworkError when attempting to fetch resource.': NO_CONNECTION,
    'Load failed': NO_CONNECTION,
};

/** What a language has to say: `english` in other words. */
export type CrmMessages = Translated<typeof english>;

type Translated<Texts> = { [Key in keyof Texts]: Texts[Key] extends string ? string : Translated<Texts[Key]> };

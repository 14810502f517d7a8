import Papa from 'papaparse';

export interface BadRow {
    /** As in a spreadsheet: the header is row 1. */
    rowNumber: number;
    /** What the person is told. */
    message: string;
    /** The browser sends nothing; what only the database notices fails the request. */
    noticedBy: 'browser' | 'database';
}

/** A file of contacts as people have it, 40 of its 1,000 rows bad. The same each time. */
export interface ContactsCsv {
    text: string;
    /** The rows as a parser reads them. */
    rows: Record<string, string>[];
    /** In the order of the file. */
    badRows: BadRow[];
    /** Of the good rows, each once. */
    goodEmails: string[];
    /** The companies that good rows name, each once and in lower case. The first three are in the seed of the demo. */
    companies: string[];
    /** The tags that good rows name, likewise. */
    tags: string[];
}

const ROWS = 1000;
const BAD_ROWS = 40;

const FIRST_NAMES = ['Ada', 'Björn', 'Chiara', 'Dmitri', 'Éloïse', 'Fatima', 'Grace', 'Hiro', 'Ines', '李娜', 'Zoë'];
const LAST_NAMES = ["O'Neil", 'Müller', 'Nguyễn', 'Smith, Jr.', 'van der Berg', 'Łukasik', 'Ray "Ace" Ito'];
const TITLES = ['', 'Buyer', 'Head of Sales, Europe', 'Chief "Happiness" Officer', 'Owner\nand founder'];
const COMPANIES = [
    'lumen optics',
    'okafor logistics',
    'pixel & bramble',
    ...['northwind traders', 'äther labs', 'brown, fox & sons', '"quoted" goods', 'delta works', 'kiwi farms'],
    ...[
        'umbrella repairs',
        'zebra crossing',
        'stone; paper; scissors',
        'a.b.c. imports',
        'grand hôtel',
        'first & last',
    ],
];
const TAGS = ['technical', 'decision maker', 'spring fair', 'press', 'newsletter 2026', 'early bird'];
const STATUSES = ['', 'lead', 'Customer', 'PARTNER', 'inactive'];
const ANSWERS = ['', 'yes', 'No', 'TRUE', '0'];

const TOO_LONG = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(4);

/** What can be wrong with a row, whatever the choices of the person who imports it. */
const FAULTS: (Omit<BadRow, 'rowNumber'> & { cells: Record<string, string> })[] = [
    {
        cells: { email: 'ada.example.com' },
        message: 'E-mail: "ada.example.com" is not an e-mail address',
        noticedBy: 'browser',
    },
    { cells: { phone: 'n/a' }, message: 'Phone: the database does not accept this value', noticedBy: 'database' },
    { cells: { last_name: '   ' }, message: 'Last name: missing', noticedBy: 'browser' },
    {
        cells: { status: 'VIP' },
        message: 'Status: "VIP" is none of lead, customer, partner, inactive',
        noticedBy: 'browser',
    },
    {
        cells: { phone: 'ask reception' },
        message: 'Phone: the database does not accept this value',
        noticedBy: 'database',
    },
    { cells: { newsletter: 'maybe' }, message: 'Newsletter: "maybe" is neither yes nor no', noticedBy: 'browser' },
    {
        cells: { first_name: TOO_LONG },
        message: `First name: ${TOO_LONG.length} characters are too many, 100 are allowed`,
        noticedBy: 'browser',
    },
    {
        cells: { email: 'two words@example.com', newsletter: '?' },
        message: 'E-mail: "two words@example.com" is not an e-mail address; Newsletter: "?" is neither yes nor no',
        noticedBy: 'browser',
    },
];

const pick = (values: readonly string[], index: number): string => values[index % values.length] ?? '';

/** One name as several people write it. */
const spell = (name: string, index: number): string =>
    pick([name, name.toUpperCase(), ` ${name} `, name.replaceAll(' ', '  ')], index);

function goodRow(index: number): Record<string, string> {
    const company = pick(COMPANIES, index);
    const tags = TAGS.filter((_, place) => (index + place) % 4 === 0).map(tag => spell(tag, index));
    return {
        first_name: pick(FIRST_NAMES, index),
        last_name: pick(LAST_NAMES, index),
        email: `contact.${index}@example.com`,
        phone: index % 3 === 0 ? '' : `+1 555 ${String(index).padStart(4, '0')}`,
        title: pick(TITLES, index),
        company: spell(company, Math.floor(index / COMPANIES.length)),
        tags: tags.join(index % 2 ? ';' : ', '),
        status: pick(STATUSES, index),
        newsletter: pick(ANSWERS, index),
    };
}

export function contactsCsv(): ContactsCsv {
    const rows = Array.from({ length: ROWS }, (_, index) => goodRow(index));
    const badRows: BadRow[] = [];
    for (let bad = 0; bad < BAD_ROWS; bad++) {
        // One in each 25 rows: the very first, some by themselves, and some side by side.
        const index = bad * 25 + ([0, 24, 0, 13][bad % 4] ?? 0);
        const fault = FAULTS[bad % FAULTS.length];
        if (!fault) continue;
        const { cells, ...told } = fault;
        rows[index] = { ...goodRow(index), ...cells };
        badRows.push({ rowNumber: index + 2, ...told });
    }
    const isBad = new Set(badRows.map(({ rowNumber }) => rowNumber));
    const goodEmails = rows.filter((_, index) => !isBad.has(index + 2)).map(({ email = '' }) => email);
    return { text: Papa.unparse(rows), rows, badRows, goodEmails, companies: COMPANIES, tags: TAGS };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkApp } from './checks/app.ts';
import type { Check } from './checks/check.ts';
import { checkNext } from './checks/next.ts';
import { checkImport, checkRequire } from './checks/node.ts';
import { checkProviders } from './checks/providers.ts';
import { checkServerRender } from './checks/serverRender.ts';
import { checkTypes } from './checks/types.ts';
import type { Dependencies } from './support/consumerProject.ts';
import type { ToolVersions } from './support/tools.ts';

export interface Plan {
    tools: ToolVersions;
    projects: (Dependencies & { name: string; checks: Check[] })[];
}

const LOCK = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'));

/** The version that this repository is tested with. */
const locked = (name: string): string => LOCK.packages[`node_modules/${name}`].version;

const IN_NODE = [checkRequire, checkImport, checkServerRender];
const EVERY_CHECK = [...IN_NODE, checkTypes, checkProviders, checkApp];

/** The icons ask for their own version of the rest. */
function mui(version: string) {
    return { '@mui/material': version, '@mui/icons-material': version };
}

/** What an app of each kind installs, at the newest versions. */
const NEWEST = {
    react: 'latest',
    'react-dom': 'latest',
    'react-admin': 'latest',
    ...mui('^7'), // the newest that ra-supabase takes
    '@supabase/supabase-js': 'latest',
    'ra-supabase': 'latest',
    'ra-supabase-core': 'latest',
    'ra-data-simple-rest': 'latest',
    'ra-data-json-server': 'latest',
    'ra-data-fakerest': 'latest',
    '@sentry/react': 'latest',
    '@opentelemetry/api': 'latest',
    '@types/react': 'latest',
    '@types/react-dom': 'latest',
    vite: 'latest',
    '@vitejs/plugin-react': 'latest',
};

const REACT_18 = { react: '^18', 'react-dom': '^18', '@types/react': '^18', '@types/react-dom': '^18' };

/** With what this repository is tested with, so that a change fails by its own fault alone. A minute and a half. */
export const QUICK: Plan = {
    tools: { node: ['20', '22', '24'], typescript: ['5', '7'] },
    projects: [
        {
            name: 'as tested',
            dependencies: {
                ...Object.fromEntries(
                    Object.keys(NEWEST)
                        .filter(name => !name.startsWith('ra-data-') && !name.includes('vite'))
                        .map(name => [name, locked(name)]),
                ),
                'ra-data-simple-rest': '~5.15.3',
                'ra-data-json-server': '~5.15.3',
                'ra-data-fakerest': '~5.15.3',
            },
            checks: [...IN_NODE, checkTypes, checkProviders],
        },
    ],
};

/** These versions for the packages that ask for any later one as well, and in the project itself. */
const pinned = (versions: Record<string, string>): Dependencies => ({
    dependencies: { ...NEWEST, ...REACT_18, ...mui('^5'), ...versions },
    overrides: Object.fromEntries(Object.keys(versions).map(name => [name, `$${name}`])),
});

const reactAdmin = (version: string) => ({
    'react-admin': version,
    'ra-core': version,
    'ra-ui-materialui': version,
    'react-is': '^18',
});

const { 'ra-supabase': _, ...NEWEST_BUT_SUPABASE } = NEWEST;

/** Whatever is out today, the oldest that is supported, and what people have in between. A quarter of an hour. */
export const ALL: Plan = {
    tools: { node: ['20', '22', '24'], typescript: ['5.4', '5', '7'] },
    projects: [
        { name: 'newest', dependencies: { ...NEWEST, next: 'latest' }, checks: [...EVERY_CHECK, checkNext] },
        {
            name: 'MUI 9',
            dependencies: { ...NEWEST_BUT_SUPABASE, ...mui('^9') },
            checks: [...IN_NODE, checkTypes, checkApp],
        },
        {
            name: 'MUI 6, React 18',
            dependencies: { ...NEWEST, ...REACT_18, ...mui('^6') },
            // Node cannot import today's react-admin beside MUI 6, with or without this package: react-admin imports
            // folders such as `@mui/material/styles`, which MUI has as `exports` only since 7. MUI 5 it does not even
            // show in a browser: the two older react-admins below have it.
            checks: [checkRequire, checkTypes, checkProviders, checkApp],
        },
        { name: 'react-admin 5.8', ...pinned(reactAdmin('5.8.0')), checks: EVERY_CHECK },
        {
            name: 'oldest',
            ...pinned({
                ...reactAdmin('5.0.0'),
                react: '18.0.0',
                'react-dom': '18.0.0',
                ...mui('5.15.20'),
                '@supabase/supabase-js': '2.0.0',
                'ra-supabase': '3.0.0',
                'ra-supabase-core': '3.0.0',
                'ra-supabase-ui-materialui': '3.0.0',
                'ra-data-simple-rest': '~5.0.0',
                'ra-data-json-server': '~5.0.0',
                'ra-data-fakerest': '~5.0.0',
                '@opentelemetry/api': '1.3.0',
                '@sentry/react': '^8',
            }),
            checks: EVERY_CHECK,
        },
    ],
};

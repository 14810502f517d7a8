import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { supabaseServer } from './demo/server/supabaseServer.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A suite of its own: the folder says what it needs. */
const suite = (name: string, include: string[], options: object = {}) => ({
    extends: true as const,
    root: at('.'),
    test: { name, include, ...options },
});

/** Stryker repeats the tests for each of its thousand changes: examples only, which fail fast. */
const mutationSuite = suite('unit', ['tests/{core,provider,http,bulk,supabase}/**/*.test.ts'], {
    exclude: ['**/*.{property,model,simulation,volley}.test.ts'],
    testTimeout: 20_000,
});

const suites = [
    suite('unit', ['tests/{core,provider,http,bulk,supabase,sentry,opentelemetry,testing,i18n,demo}/**/*.test.ts'], {
        testTimeout: 30_000,
    }),
    suite('react', ['tests/react/**/*.test.{ts,tsx}'], { environment: 'jsdom' }),
    suite('mui', ['tests/mui/**/*.test.{ts,tsx}'], { environment: 'jsdom', testTimeout: 30_000 }),
    suite('integration', ['tests/integration/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 60_000 }),
    suite('browser', ['tests/browser/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 120_000 }),
];

export default defineConfig(({ command, mode }) => ({
    root: at(process.env.VITEST ? '.' : 'demo'),
    // Only for the dev server of the demo: the tests and builds that read this file need no database.
    plugins: [react(), command === 'serve' && !process.env.VITEST && supabaseServer(mode)],
    resolve: {
        alias: [
            { find: /^ra-rate-limit$/, replacement: at('src/index.ts') },
            {
                find: /^ra-rate-limit\/(react|mui|supabase|sentry|opentelemetry|testing|i18n)$/,
                replacement: `${at('src')}/$1/index.ts`,
            },
        ],
    },
    test: {
        projects: process.env.STRYKER_MUTATOR_WORKER ? [mutationSuite] : suites,
        typecheck: { enabled: false },
        coverage: {
            include: ['src/{core,provider,http,bulk,supabase,sentry,opentelemetry,testing,i18n}/**'],
            thresholds: { 100: true },
            reporter: ['text', 'html'],
        },
    },
}));

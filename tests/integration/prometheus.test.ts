import { type Options, rateLimit } from 'express-rate-limit';
import { RateLimitService } from 'ra-rate-limit';
import { describe, expect, type TestContext, test } from 'vitest';
import { createMetricsServer, sendContacts } from '../../examples/prometheus.ts';
import { startContactsApi } from './support/contactsApi.ts';
import { listen } from './support/listen.ts';

/** The example's server and job, before a real API with a real limiter. */
async function start(limit: Partial<Options>, onTestFinished: TestContext['onTestFinished']) {
    const api = await startContactsApi(rateLimit({ legacyHeaders: false, standardHeaders: 'draft-8', ...limit }));
    onTestFinished(() => api.close());
    const service = new RateLimitService({ logger: false });
    onTestFinished(() => service.dispose());
    const metrics = await listen(createMetricsServer(service));
    onTestFinished(() => metrics.close());
    const scrape = async () => {
        const response = await fetch(`${metrics.url}/metrics`);
        return { response, text: await response.text() };
    };
    return { api, service, metrics, scrape };
}

/** The values of the series of this name that have these labels. */
const valuesOf = (text: string, name: string, labels: Record<string, string> = {}) => {
    const lines = text.split('\n').filter(line => line.startsWith(`${name}{`));
    const found = lines.filter(line =>
        Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
    );
    return found.map(line => Number(line.slice(line.lastIndexOf(' '))));
};

/** The text format of Prometheus: comments, and series with labels and a value. */
const LINE = /^(# (HELP|TYPE|UNIT) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? [-+.\dInfe]+)$/;

describe('the Prometheus example', () => {
    test('serves the numbers of a job that a server slows down', async ({ onTestFinished }) => {
        const { api, service, scrape } = await start({ windowMs: 1000, limit: 4 }, onTestFinished);

        const outcomes = await sendContacts(api.url, 10, service);

        const { response, text } = await scrape();
        const refused = api.statuses.filter(status => status === 429).length;
        expect(response.headers.get('Content-Type')).toMatch(/^text\/plain/);
        expect(text.split('\n').filter(line => line !== '' && !LINE.test(line))).toEqual([]);
        expect(outcomes.map(({ status }) => status)).toEqual(Array(10).fill('fulfilled'));
        expect(refused).toBeGreaterThan(0);
        const outcome = (ra_rate_limit_outcome: string) => ({ ra_rate_limit_outcome });
        expect(valuesOf(text, 'ra_rate_limit_calls_total', outcome('succeeded'))).toEqual([10]);
        expect(valuesOf(text, 'ra_rate_limit_calls_total', outcome('exhausted'))).toEqual([0]);
        expect(valuesOf(text, 'ra_rate_limit_refusals_total')).toEqual([refused]);
        const names = { ra_rate_limit_resource: 'contacts', ra_rate_limit_operation: 'create' };
        expect(valuesOf(text, 'ra_rate_limit_retries_total', names)).toEqual([refused]);
        expect(valuesOf(text, 'ra_rate_limit_circuit_status', { ra_rate_limit_circuit_state: 'closed' })).toEqual([1]);
        expect(valuesOf(text, 'ra_rate_limit_call_waiting', { ra_rate_limit_priority: 'interactive' })).toEqual([0]);
        expect(valuesOf(text, 'ra_rate_limit_wait_duration_count', outcome('succeeded'))).toEqual([10]);
        const [atOnce] = valuesOf(text, 'ra_rate_limit_wait_duration_bucket', { le: '0' });
        expect(atOnce).toBeLessThanOrEqual(10 - refused);
        expect(text).toContain('# TYPE ra_rate_limit_wait_duration histogram\n');
        expect(text).toContain('# TYPE ra_rate_limit_circuit_status gauge\n');
    });

    test('tells that the circuit is open, and what failed', async ({ onTestFinished }) => {
        // Longer than a call waits: the circuit opens at once.
        const { api, service, scrape } = await start({ windowMs: 600_000, limit: 2 }, onTestFinished);

        await sendContacts(api.url, 2, service);
        await sendContacts(api.url, 1, service);
        await sendContacts(api.url, 3, service);

        const { text } = await scrape();
        const failed = (ra_rate_limit_outcome: string) =>
            valuesOf(text, 'ra_rate_limit_failures_total', {
                ra_rate_limit_resource: 'contacts',
                ra_rate_limit_outcome,
            });
        expect(failed('exhausted')).toEqual([1]);
        expect(failed('rejected')).toEqual([3]);
        expect(valuesOf(text, 'ra_rate_limit_circuit_status', { ra_rate_limit_circuit_state: 'open' })).toEqual([1]);
        expect(valuesOf(text, 'ra_rate_limit_circuit_openings_total')).toEqual([1]);
        expect(api.statuses).toEqual([201, 201, 429]);
    });

    test('answers nothing but that one path', async ({ onTestFinished }) => {
        const { metrics } = await start({}, onTestFinished);

        await expect(fetch(`${metrics.url}/`)).resolves.toMatchObject({ status: 404 });
    });
});

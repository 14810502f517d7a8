/** What a script in Node does with the entries, however it came by them. */
const assert = require('node:assert/strict');

const NAMES = ['.', './react', './mui', './supabase', './sentry', './opentelemetry', './testing', './i18n'];

/**
 * @param {Record<string, object>} entries by their name in `exports`
 * @param {object} peers the packages beside it, which the app came by in the same way
 */
async function checkEntries(entries, { HttpError, opentelemetry, sentry }) {
    for (const name of NAMES) {
        const values = Object.entries(entries[name]).filter(([exported]) => exported !== 'default');
        assert.ok(values.length > 0, `${name} exports nothing`);
        for (const [exported, value] of values) assert.ok(value, `${name} exports ${exported} as ${value}`);
    }
    await checkRetries(entries);
    await checkErrors(entries, HttpError);
    await checkBulkWork(entries, HttpError);
    checkReporters(entries, opentelemetry, sentry);
}

const backend = () => {
    const records = [];
    return {
        records,
        create: async (_resource, { data }) => {
            records.push(data);
            return { data };
        },
    };
};

async function checkRetries({ '.': core, './testing': testing }) {
    const provider = backend();
    const refusing = testing.simulateRateLimit(provider, { next: 2 });
    const dataProvider = core.withRateLimit(refusing, { logger: false, initialDelayMs: 1 });
    const { data } = await dataProvider.create('contacts', { data: { id: 1 } });
    assert.deepEqual(data, { id: 1 });
    assert.equal(provider.records.length, 1);
    assert.equal(core.getRateLimitService(dataProvider).getStats().retries, 2);
}

async function checkErrors({ '.': core, './testing': testing, './i18n': i18n }, HttpError) {
    const refusing = testing.simulateRateLimit(backend(), { share: 1 });
    const i18nProvider = { translate: () => 'Un instant', changeLocale: async () => {}, getLocale: () => 'fr' };
    const messages = i18n.translatedMessages(i18nProvider);
    const dataProvider = core.withRateLimit(refusing, { logger: false, maxRetries: 0, messages });
    const error = await dataProvider.create('contacts', { data: { id: 1 } }).catch(thrown => thrown);
    assert.ok(error instanceof core.RateLimitError);
    assert.ok(error instanceof HttpError, 'the package and the app see two copies of ra-core');
    assert.equal(error.status, 429);
    assert.equal(error.message, 'Un instant');
}

async function checkBulkWork({ '.': core }, HttpError) {
    const service = new core.RateLimitService({ logger: false, initialDelayMs: 1 });
    let calls = 0;
    const worker = async () => {
        if (++calls % 5 === 0) throw new HttpError('Too Many Requests', 429);
    };
    const result = await core.runBulk(
        Array.from({ length: 20 }, (_, index) => index),
        worker,
        { service },
    );
    assert.deepEqual([result.status, result.succeeded, result.failed], ['done', 20, 0]);
    service.dispose();
}

function checkReporters(entries, { metrics, trace }, sentry) {
    const service = new entries['.'].RateLimitService({ logger: false });
    const meter = metrics.getMeter('consumer');
    const tracer = trace.getTracer('consumer');
    const stopMetrics = entries['./opentelemetry'].reportToOpenTelemetry(service, { meter, tracer });
    const stopEvents = entries['./sentry'].reportToSentry(service, sentry);
    stopMetrics();
    stopEvents();
    service.dispose();
}

/** One copy takes the service of the other. */
async function checkCopies(one, other) {
    assert.notEqual(one.RateLimitService, other.RateLimitService);
    const service = new other.RateLimitService({ logger: false });
    const dataProvider = one.withRateLimit(backend(), { service });
    assert.equal(one.getRateLimitService(dataProvider), service);
    assert.equal(other.getRateLimitService(dataProvider), service);
    await dataProvider.create('contacts', { data: { id: 1 } });
    const result = await one.runBulk([1, 2], async item => item, { service });
    assert.equal(result.succeeded, 2);
    assert.equal(service.getStats().calls, 3);
    service.dispose();
}

module.exports = { NAMES, checkEntries, checkCopies };

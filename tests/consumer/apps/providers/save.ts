/** The data providers that people have, each on a server that refuses every write at first. */
import assert from 'node:assert/strict';
import { createClient } from '@supabase/supabase-js';
import fakeRest from 'ra-data-fakerest';
import jsonServer from 'ra-data-json-server';
import simpleRest from 'ra-data-simple-rest';
import {
    createHttpClient,
    getRateLimitService,
    type HttpClient,
    RateLimitService,
    withFanOut,
    withRateLimit,
} from 'ra-rate-limit';
import { rateLimitedSupabase } from 'ra-rate-limit/supabase';
import { simulateRateLimit } from 'ra-rate-limit/testing';
import { supabaseDataProvider } from 'ra-supabase';
import { type Refusals, startRefusingServer } from './refusingServer.ts';

const QUIET = { logger: false } as const;
const TWICE: Refusals = { times: 2 };
const FOR_A_SECOND: Refusals = { times: 1, retryAfter: 1 };
const apiKey = 'a.b.c';

/** Older ones are CommonJS alone, of which Node's `import` gives the whole as the default. */
const [simpleRestProvider, jsonServerProvider, fakeDataProvider] = [simpleRest, jsonServer, fakeRest].map(
    exported => exported.default ?? exported,
);

/** What is used of a data provider. */
interface Provider {
    // biome-ignore lint/suspicious/noExplicitAny: the packages disagree about their types
    [method: string]: any;
}

/** Writes in the three ways, and gives back what the provider says was written. */
async function save(dataProvider: Provider): Promise<void> {
    const { data: ada } = await dataProvider.create('contacts', { data: { name: 'Ada' } });
    const { data: bob } = await dataProvider.create('contacts', { data: { name: 'Bob' } });
    assert.equal(ada.name, 'Ada');
    assert.notEqual(ada.id, bob.id);

    const { data: updated } = await dataProvider.update('contacts', {
        id: ada.id,
        data: { name: 'Ada Lovelace' },
        previousData: ada,
    });
    assert.equal(updated.name, 'Ada Lovelace');

    const ids = [ada.id, bob.id];
    const { data: changed } = await dataProvider.updateMany('contacts', { ids, data: { title: 'Engineer' } });
    assert.deepEqual(changed, ids);
}

const SAVED = [
    { id: 1, name: 'Ada Lovelace', title: 'Engineer' },
    { id: 2, name: 'Bob', title: 'Engineer' },
];

async function saveOnServer(name: string, refusals: Refusals, providerFor: (url: string) => Provider): Promise<void> {
    const server = await startRefusingServer(refusals);
    const dataProvider = providerFor(server.url);
    await save(dataProvider);
    server.close();

    const byName = (one: object, other: object) => Object.keys(one).join().localeCompare(Object.keys(other).join());
    assert.deepEqual([...server.records.values()].sort(byName), SAVED);
    const accepted = server.writes.filter(({ status }) => status === 200).map(({ request }) => request);
    assert.deepEqual(accepted, [...new Set(accepted)], 'a write got in twice');
    for (const { request, at } of server.writes.filter(({ status }) => status === 429)) {
        const next = server.writes.find(write => write.request === request && write.at > at);
        const waitedMs = (next?.at ?? 0) - at;
        assert.ok(waitedMs >= 1000 * (refusals.retryAfter ?? 0), `${request} came again after ${waitedMs} ms`);
    }
    const retries = getRateLimitService(dataProvider)?.getStats().retries;
    console.log(`${name}: ${server.writes.length} requests, ${retries} retries`);
}

/** Ten records are updated and deleted, with a provider that sends a request for each. */
async function fanOutOnServer(name: string, providerFor: (url: string) => Provider): Promise<void> {
    const server = await startRefusingServer({ times: 0, retryAfter: 1, perSecond: 5 });
    const ids = Array.from({ length: 10 }, (_, index) => index + 1);
    for (const id of ids) server.records.set(id, { id, name: `Contact ${id}` });
    const dataProvider = withFanOut(providerFor(server.url));

    const updated = await dataProvider.updateMany('contacts', { ids, data: { title: 'Engineer' } });
    assert.deepEqual(updated, { data: ids });
    assert.ok([...server.records.values()].every(({ title }) => title === 'Engineer'));
    const deleted = await dataProvider.deleteMany('contacts', { ids });
    server.close();

    assert.deepEqual(deleted, { data: ids });
    assert.equal(server.records.size, 0);
    const accepted = server.writes.filter(({ status }) => status !== 429);
    assert.equal(accepted.length, 2 * ids.length, 'a write got in twice');
    console.log(`${name}: ${server.writes.length} requests for ${2 * ids.length} records`);
}

const bySensor = (providerOf: (httpClient: HttpClient) => Provider): Provider => {
    const service = new RateLimitService(QUIET);
    return withRateLimit(providerOf(createHttpClient({ service })), { service });
};
const withoutSession = { auth: { persistSession: false } };

await Promise.all([
    saveOnServer('ra-data-simple-rest, one line', TWICE, url => withRateLimit(simpleRestProvider(url), QUIET)),
    saveOnServer('ra-data-simple-rest, createHttpClient', FOR_A_SECOND, url =>
        bySensor(httpClient => simpleRestProvider(url, httpClient)),
    ),
    saveOnServer('ra-data-json-server, one line', TWICE, url => withRateLimit(jsonServerProvider(url), QUIET)),
    saveOnServer('ra-data-json-server, createHttpClient', FOR_A_SECOND, url =>
        bySensor(httpClient => jsonServerProvider(url, httpClient)),
    ),
    fanOutOnServer('ra-data-simple-rest, withFanOut', url =>
        bySensor(httpClient => simpleRestProvider(url, httpClient)),
    ),
    fanOutOnServer('ra-data-json-server, withFanOut', url =>
        bySensor(httpClient => jsonServerProvider(url, httpClient)),
    ),
    saveOnServer('ra-supabase, one line', TWICE, instanceUrl => {
        const supabaseClient = createClient(instanceUrl, apiKey, withoutSession);
        return withRateLimit(supabaseDataProvider({ instanceUrl, apiKey, supabaseClient }), QUIET);
    }),
    saveOnServer('ra-supabase, rateLimitedSupabase', FOR_A_SECOND, instanceUrl => {
        const { dataProvider } = rateLimitedSupabase({ instanceUrl, apiKey, rateLimit: QUIET, client: withoutSession });
        return dataProvider;
    }),
]);

const plan = { bucket: { ratePerSecond: 5, burst: 1 } };
const fake = withRateLimit(simulateRateLimit(fakeDataProvider({ contacts: [] }), plan), QUIET);
await save(fake);
console.log(`ra-data-fakerest: ${getRateLimitService(fake)?.getStats().retries} retries`);
process.exit(); // createClient keeps a timer

import { readFile } from 'node:fs/promises';
import { PGlite } from '@supabase/lite/pglite';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { alerts, notification, saveButton } from './support/admin.ts';
import { prepareCrossOrigin, type Wiring } from './support/crossOrigin.ts';
import type { Refusal, ServedWrite } from './support/otherOrigin.ts';
import { OVERLOADED, RELAXED } from './support/server.ts';

const admin = prepareCrossOrigin();

/** A bucket without a token: the server refuses the next save, and accepts it some two seconds later. */
const LIMITING = { rate: 0.5, burst: 1 };

const HIDDEN = /^\[RateLimit\] No Retry-After is seen in a 429 of another origin\./;

/** What a browser says of an answer that it must not show. */
const BLOCKED = [/ has been blocked by CORS policy: /, /net::ERR_FAILED$/, /^TypeError: Failed to fetch/];

/** Exposes what Supabase does by itself. */
const hideRetryAfter = ({ headers }: Refusal) => headers.set('Access-Control-Expose-Headers', 'Content-Range');

const leaveWaitOutOfBody = ({ body }: Refusal) => {
    body.details = null;
};

const leaveOutCors = ({ headers }: Refusal) => {
    for (const name of [...headers.keys()]) if (name.startsWith('access-control-')) headers.delete(name);
};

async function rename(page: Page, name: string): Promise<void> {
    await page.getByLabel('Name').fill(name);
    await saveButton(page).click();
}

const nameOf = async (id: number) => (await admin.server.read<{ name: string }>(`tags?id=eq.${id}`))[0]?.name;

const statuses = () => admin.api.writes.map(({ status }) => status);

/** From the first refusal to the next try. */
function firstWaitMs(): number {
    const [refused, repeated] = admin.api.writes as [ServedWrite, ServedWrite];
    return repeated.receivedAt - refused.answeredAt;
}

/** The waits that the service chose. */
const delaysMs = (told: readonly string[]) =>
    told.flatMap(line => /Retrying in (\d+)ms/.exec(line)?.[1] ?? []).map(Number);

/** That the waits are these, with a jitter of up to a fifth. Of a wait that is under way already a bit may be over. */
function expectDelays(told: readonly string[], ...expectedMs: number[]): void {
    const shares = delaysMs(told).map((delayMs, index) => delayMs / (expectedMs[index] ?? 0));
    expect(shares).toHaveLength(expectedMs.length);
    expect(Math.min(...shares)).toBeGreaterThan(0.95);
    expect(Math.max(...shares)).toBeLessThan(1.21);
}

test('a Retry-After that the limiter in SQL exposes is seen: the save waits for it, and needs one more try', async () => {
    admin.api.changeRefusals(leaveWaitOutOfBody);
    const { page, told } = await admin.openTag(1);
    await admin.server.drain(LIMITING);

    await rename(page, 'Decides');

    await notification(page, 'Element updated').waitFor();
    expect(statuses()).toEqual([429, 200]);
    const retryAfterMs = admin.api.writes[0]?.inHeaderMs ?? 0;
    expect(firstWaitMs()).toBeGreaterThanOrEqual(retryAfterMs);
    expectDelays(told, retryAfterMs);
    expect(told.filter(line => HIDDEN.test(line))).toEqual([]);
    expect(await nameOf(1)).toBe('Decides');
});

test('without any wait to be seen the backoff decides, and developers are told once what to expose', async () => {
    let refusals = 0;
    admin.api.changeRefusals(async refusal => {
        hideRetryAfter(refusal);
        leaveWaitOutOfBody(refusal);
        refusals++;
        if (refusals === 2) await admin.server.setLimits(RELAXED);
    });
    const { page, told } = await admin.openTag(2);
    await admin.server.setLimits(OVERLOADED);

    await rename(page, 'Backed off');

    await notification(page, 'Element updated').waitFor();
    expect(statuses()).toEqual([429, 429, 200]);
    expectDelays(told, 100, 200);
    expect(told.filter(line => HIDDEN.test(line))).toEqual([
        expect.stringMatching(/ Access-Control-Expose-Headers: Retry-After, RateLimit, RateLimit-Policy /),
    ]);
    expect(told.find(line => HIDDEN.test(line))).toContain(`{origin: ${admin.api.url}}`);
    expect(await nameOf(2)).toBe('Backed off');
});

test.each<[Wiring, string, number]>([
    ['rateLimitedSupabase', 'its sensor sees none', 1],
    ['withRateLimit', 'it has no sensor', 0],
])('the wait in the body reaches %s where the header is hidden: %s', async (wiring, _, hints) => {
    admin.api.changeRefusals(hideRetryAfter);
    const { page, told } = await admin.openTag(3, wiring);
    await admin.server.drain(LIMITING);

    await rename(page, `Body of ${wiring}`);

    await notification(page, 'Element updated').waitFor();
    expect(statuses()).toEqual([429, 200]);
    const inBodyMs = admin.api.writes[0]?.inBodyMs ?? 0;
    expect(firstWaitMs()).toBeGreaterThanOrEqual(inBodyMs);
    expectDelays(told, inBodyMs);
    expect(told.filter(line => HIDDEN.test(line))).toHaveLength(hints);
    expect(await nameOf(3)).toBe(`Body of ${wiring}`);
});

test('a 429 without CORS headers is a network error: the save is not repeated, and the person is told', async () => {
    admin.api.changeRefusals(leaveOutCors);
    const { page, told } = await admin.openTag(4, 'rateLimitedSupabase', BLOCKED);
    const before = await nameOf(4);
    await admin.server.setLimits(OVERLOADED);

    await rename(page, 'Blocked');

    await alerts(page).waitFor();
    expect(await alerts(page).allInnerTexts()).toEqual(['Failed to fetch']);
    expect(await saveButton(page).isEnabled()).toBe(true);
    expect(statuses()).toEqual([429]);
    expect(told).toEqual([]);
    expect(await nameOf(4)).toBe(before);

    // Nothing is held against the saves that follow.
    await admin.server.setLimits(RELAXED);
    await saveButton(page).click();
    await notification(page, 'Element updated').waitFor();
    expect(statuses()).toEqual([429, 200]);
});

// Supabase Lite does not pass it on, the server of the demo puts it back. PostgREST sends what is raised.
test('the limiter in SQL raises its Retry-After together with the header that exposes it', async () => {
    const database = new PGlite();
    await database.exec('create role anon; create role authenticated; create role service_role');
    for (const migration of ['20260105090000_crm', '20260105090100_rate_limit']) {
        const path = new URL(`../../demo/supabase/migrations/${migration}.sql`, import.meta.url);
        await database.exec(await readFile(path, 'utf8'));
    }

    const raised: { detail: string } = await database.query('select rate_limit.refuse(1500)').catch(error => error);

    expect(JSON.parse(raised.detail).headers).toEqual({
        'Retry-After': '2',
        'Access-Control-Expose-Headers': 'Retry-After',
    });
    await database.close();
});

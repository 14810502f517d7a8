/**
 * What happens, second by second: the timelines of docs/scenarios.md. The real service in virtual time.
 *
 *     npm run build && node bench/scenarios.ts            prints them
 *     npm run build && node bench/scenarios.ts --write    and puts them into the page
 */
import { runBulk } from 'ra-rate-limit';
import { TokenBucket } from './bulk/limiters.ts';
import { rowsOf } from './bulk/simulate.ts';
import { origin, publish } from './page.ts';
import { type Answer, play } from './scenarios/stage.ts';

const refuseFirst = (count: number, refusal: Answer = 'refuse') => {
    let asked = 0;
    return (): Answer => (asked++ < count ? refusal : 'accept');
};

const refuseUntil =
    (end: number) =>
    (seconds: number): Answer =>
        seconds < end ? 'refuse' : 'accept';

const asCodeBlock = (timeline: string) => `\`\`\`text\n${timeline}\n\`\`\``;

/** The server works again only after the first probe. */
const overload = await play(refuseUntil(100), async ({ at, save, saveBriefly }) => {
    for (let contact = 1; contact <= 4; contact++) {
        await at(3 * (contact - 1));
        await saveBriefly(`contact ${contact}`);
    }
    await at(12);
    await save('contact 5');
    await at(20);
    await save('contact 6');
    await at(80);
    await save('contact 6');
    await at(120);
    await save('contact 6');
    await at(145);
    await Promise.all([save('contact 5'), at(145.01).then(() => save('contact 6'))]);
});

const bucket = new TokenBucket({ fromMs: 0, rate: 10, burst: 10 });
const ask = (seconds: number): Answer => {
    const { isAllowed, waitMs } = bucket.take(seconds * 1000);
    return isAllowed ? 'accept' : { retryAfterSeconds: Math.ceil(waitMs / 1000) };
};

const ROWS = 200;
const duringImport = await play(ask, async ({ service, at, save, createRow, say, seconds }) => {
    let done = 0;
    const tick = setInterval(() => say('import', `${done} of ${ROWS} rows are in`), 2_000);
    say('person', `imports ${ROWS} rows`);
    const run = runBulk(rowsOf(0, ROWS), ({ row }) => createRow(row), {
        service,
        onProgress: ({ succeeded }) => {
            done = succeeded;
        },
    });
    await Promise.all([run, at(1).then(() => save('contact 1')), at(9).then(() => save('contact 2'))]);
    clearInterval(tick);
    const { succeeded, failed, rateLimited } = await run;
    say('import', `done in ${seconds().toFixed(1)} s: ${succeeded} in, ${failed} failed, ${rateLimited} refused`);
});

const halfOpen = overload.lastIndexOf('\n', overload.indexOf('half-open'));

publish('docs/scenarios.md', {
    origin: origin('npm run bench:scenarios'),
    transient: asCodeBlock(await play(refuseFirst(2), ({ save }) => save('contact 1'))),
    pause: asCodeBlock(
        await play(refuseFirst(1, { retryAfterSeconds: 2 }), async ({ at, save }) => {
            await Promise.all([save('contact 1'), at(0.5).then(() => save('contact 2'))]);
        }),
    ),
    persistent: asCodeBlock(
        await play(refuseUntil(5), async ({ at, save }) => {
            await save('contact 1');
            await at(10);
            await save('contact 1');
        }),
    ),
    open: asCodeBlock(overload.slice(0, halfOpen)),
    recovery: asCodeBlock(overload.slice(halfOpen + 1)),
    reset: asCodeBlock(
        await play(refuseUntil(20), async ({ service, at, save, saveBriefly, say }) => {
            for (let contact = 1; contact <= 4; contact++) await saveBriefly(`contact ${contact}`);
            await save('contact 5');
            await at(30);
            await save('contact 5');
            await at(40);
            say('on call', 'resets the circuit');
            service.resetCircuit();
            await save('contact 5');
        }),
    ),
    longRetryAfter: asCodeBlock(
        await play(refuseFirst(1, { retryAfterSeconds: 120 }), async ({ at, save }) => {
            await save('contact 1');
            await at(60);
            await save('contact 1');
            await at(125);
            await save('contact 1');
        }),
    ),
    import: asCodeBlock(duringImport),
});

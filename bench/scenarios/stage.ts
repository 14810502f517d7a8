import { createHttpClient, type RateLimitError, RateLimitService, withRateLimit } from 'ra-rate-limit';
import { inVirtualTime, seededRandom, sleep } from '../bulk/virtualTime.ts';

const LATENCY_MS = 50;

/** What the server says to a request: accepted, refused, or refused with a time to wait. */
export type Answer = 'accept' | 'refuse' | { retryAfterSeconds: number };

export interface Stage {
    service: RateLimitService;
    /** Moves on to a moment of the scenario, in seconds. */
    at(seconds: number): Promise<void>;
    /** Somebody saves a contact, and says what becomes of it. */
    save(contact: string): Promise<void>;
    /** The same in one line, for a save among others like it. */
    saveBriefly(contact: string): Promise<void>;
    /** One row of an import, of which nothing is told. */
    createRow(row: number): Promise<unknown>;
    /** Adds a line. */
    say(who: string, what: string): void;
    seconds(): number;
}

/** Runs a scenario in virtual time over the real service, in its default options, and returns what happened as text. */
export const play = (
    answer: (seconds: number, contact: string) => Answer,
    script: (stage: Stage) => Promise<void>,
): Promise<string> =>
    inVirtualTime(1, async ({ now }) => {
        const lines: string[] = [];
        const seconds = () => now() / 1000;
        const timeOf = (at: number) => `${at.toFixed(3).padStart(8)} s`;
        let isBrief = false;
        const say = (who: string, what: string) => {
            if (!isBrief) lines.push(`${timeOf(seconds())}  ${who.padEnd(7)}  ${what}`);
        };

        const fetch = async (url: unknown): Promise<Response> => {
            const contact = decodeURIComponent(String(url).split('/').pop() ?? '');
            const isTold = !contact.startsWith('row');
            if (isTold) say('request', contact);
            await sleep(LATENCY_MS / 2);
            const verdict = answer(seconds(), contact);
            await sleep(LATENCY_MS / 2);
            if (verdict === 'accept') {
                if (isTold) say('server', '201 Created');
                return new Response('{"id":1}', { status: 201 });
            }
            const headers: HeadersInit = verdict === 'refuse' ? {} : { 'Retry-After': `${verdict.retryAfterSeconds}` };
            const hint = verdict === 'refuse' ? '' : `, Retry-After: ${verdict.retryAfterSeconds}`;
            say('server', `429 Too Many Requests${hint}`);
            return new Response('{}', { status: 429, headers });
        };

        const start = Date.now();
        const service = serviceWithVirtualClock();
        tellEvents(service, say, moment => timeOf((moment - start) / 1000).trim());
        const client = createHttpClient({ service, fetch });
        const post = (name: string) => client(`http://server/${name}`, { method: 'POST', body: '{}' });
        const provider = withRateLimit(
            { create: (_resource: string, { name }: { name: string }) => post(name) },
            { service },
        );

        const save = async (contact: string): Promise<void> => {
            const clickedAt = seconds();
            say('person', `saves ${contact}`);
            await provider.create('contacts', { name: contact }).then(
                () => say('person', `${contact} is saved, ${(seconds() - clickedAt).toFixed(2)} s after the click`),
                ({ message }: RateLimitError) => say('person', `reads: ${message}`),
            );
        };

        const saveBriefly = async (contact: string): Promise<void> => {
            isBrief = true;
            const error = await provider.create('contacts', { name: contact }).then(
                () => undefined,
                (reason: RateLimitError) => reason,
            );
            isBrief = false;
            say('person', error ? `${contact} fails after ${error.attempts} tries, as above` : `${contact} is saved`);
        };

        const at = async (moment: number): Promise<void> => {
            if (moment > seconds()) await sleep(moment * 1000 - now());
        };

        await script({ service, say, seconds, save, saveBriefly, at, createRow: row => post(`row ${row}`) });
        service.dispose();
        return lines.join('\n');
    });

/** Asks for the time at each call: it is the one of the scenario. */
const serviceWithVirtualClock = (): RateLimitService =>
    new RateLimitService({
        logger: false,
        clock: {
            now: () => Date.now(),
            setTimeout: (callback, ms) => setTimeout(callback, ms),
            clearTimeout: handle => clearTimeout(handle as ReturnType<typeof setTimeout>),
            random: seededRandom(1),
        },
    });

function tellEvents(service: RateLimitService, say: Stage['say'], timeOf: (moment: number) => string): void {
    service.on('retry', ({ attempt, maxRetries, delayMs }) => {
        const isBulk = maxRetries === Number.POSITIVE_INFINITY;
        if (!isBulk) say('service', `retry ${attempt} of ${maxRetries} in ${Math.round(delayMs)} ms`);
    });
    service.on('pause', ({ until }) => say('service', `nothing leaves before ${timeOf(until)}`));
    service.on('exhausted', ({ attempts, error }) =>
        say('service', `gives up after ${attempts} ${attempts === 1 ? 'try' : 'tries'}: ${error.code}`),
    );
    service.on('reject', ({ error }) => say('service', `turns the call away: ${error.code}`));
    service.on('open', ({ openUntil, consecutiveFailures }) =>
        say('circuit', `open until ${timeOf(openUntil)} (failed calls in a row: ${consecutiveFailures})`),
    );
    service.on('halfOpen', () => say('circuit', 'half-open: the next call is the probe'));
    service.on('close', () => say('circuit', 'closed'));
}

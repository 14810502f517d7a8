import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TokenBucket } from '../bulk/limiters.ts';
import { sleep } from '../bulk/virtualTime.ts';

export interface FailingServerOptions {
    /** Requests a second. */
    rate: number;
    burst: number;
    /** Milliseconds since the start. */
    now: () => number;
    random: () => number;
}

interface Answer {
    status: number;
    headers?: Record<string, string>;
    body: string;
    /** The connection is cut instead. */
    isCut?: boolean;
}

/** Once in so many minutes: down for the first seconds of it, then refusing everything for longer than calls wait. */
const TROUBLE_EVERY_MS = 5 * 60_000;
const DOWN_MS = 3_000;
const OVERLOADED_MS = 8_000;

const NO_ANSWER: Answer = { status: 0, body: '', isCut: true };

/** A server at its limit that now and then cuts connections, breaks, answers as a gateway does, or is down. */
export class FailingServer {
    readonly counts = { requests: 0, refused: 0, failed: 0 };
    readonly #options: FailingServerOptions;
    readonly #limiter: TokenBucket;
    /** How often a record was stored. Those that are imported have a key, and are stored once. */
    readonly #stored = new Map<string, number>();

    constructor(options: FailingServerOptions) {
        this.#options = options;
        this.#limiter = new TokenBucket({ fromMs: 0, rate: options.rate, burst: options.burst });
    }

    /** How often this record was stored, and forgets it. */
    take(key: string): number {
        const times = this.#stored.get(key) ?? 0;
        this.#stored.delete(key);
        return times;
    }

    /** The server as its clients see it, without a network in between. */
    readonly fetch: typeof fetch = async (_url, init) => {
        const { isCut, body, ...head } = await this.handle(String(init?.body));
        if (isCut) throw new TypeError('fetch failed');
        return new Response(body, head);
    };

    async handle(request: string): Promise<Answer> {
        const { now, random } = this.#options;
        const { key }: { key: string } = JSON.parse(request);
        this.counts.requests++;
        await sleep(5 + 20 * random());
        const answer = this.#answerTo(key, now(), random());
        if (answer.status === 429) this.counts.refused++;
        else if (answer.status !== 201) this.counts.failed++;
        await sleep(5 + 20 * random());
        return answer;
    }

    #answerTo(key: string, now: number, chance: number): Answer {
        // The first trouble comes in the middle of a period, so that short runs have some too.
        const sinceTrouble = (now + TROUBLE_EVERY_MS - 30_000) % TROUBLE_EVERY_MS;
        if (sinceTrouble < DOWN_MS) return NO_ANSWER;
        if (sinceTrouble < OVERLOADED_MS) {
            return { status: 429, headers: { 'Retry-After': '12' }, body: '<h1>429 Too Many Requests</h1>' };
        }
        if (chance < 0.0005) return NO_ANSWER;
        if (chance < 0.0045) return { status: 500, body: '{"message":"out of memory"}' };
        if (chance < 0.005)
            return { status: 429, headers: { 'Content-Type': 'text/html' }, body: '<html>nginx</html>' };
        const { isAllowed, waitMs } = this.#limiter.take(now);
        if (!isAllowed) {
            return { status: 429, body: JSON.stringify({ message: 'Slow down', retry_after_ms: Math.ceil(waitMs) }) };
        }
        this.#stored.set(key, key.startsWith('file') ? 1 : (this.#stored.get(key) ?? 0) + 1);
        // It is in, but nobody hears of it.
        return chance < 0.0055 ? NO_ANSWER : { status: 201, body: '{"id":1}' };
    }
}

/** The same over real sockets, where a connection that is cut is one. */
export async function overSockets(server: FailingServer) {
    const http = createServer(async (request, response) => {
        const { isCut, status, headers, body } = await server.handle(await text(request));
        if (isCut) request.socket.destroy();
        else response.writeHead(status, headers).end(body);
    });
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    return {
        url: `http://127.0.0.1:${port}/rows`,
        close: async () => {
            http.closeAllConnections();
            await new Promise(resolve => http.close(resolve));
        },
    };
}

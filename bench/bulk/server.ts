import type { Limiter, Verdict } from './limiters.ts';
import { sleep } from './virtualTime.ts';

/**
 * How a server tells its limit: not at all, by `Retry-After` in whole seconds rounded up, by the milliseconds in the body
 * of a refusal, or by `Retry-After` and, with every answer, the `RateLimit` headers of the IETF draft (a header for each
 * number up to version 6, one for all from 8 on).
 */
export type Hint = 'none' | 'seconds' | 'exact' | 'headers-6' | 'headers-8';

/** What reached the server. */
export interface Arrival {
    at: number;
    client: number;
    isAccepted: boolean;
}

/** One row of one client, as it is sent. */
export interface Row {
    client: number;
    row: number;
}

export interface ServerOptions {
    limiter: Limiter;
    hint: Hint;
    /** Milliseconds since the start of the run. */
    now: () => number;
    random: () => number;
    /** The time from sending a request to its answer, without what the limiter makes it wait. */
    latencyMs?: number | undefined;
    /** By how much that varies, to both sides. */
    jitterMs?: number | undefined;
}

interface Answer {
    status: number;
    statusText: string;
    headers: Record<string, string>;
    body: string;
}

/** A server that stores rows, as far as its limiter lets it. */
export class Server {
    readonly arrivals: Arrival[] = [];
    /** How often each row was stored, by its name. */
    readonly stored = new Map<string, number>();
    readonly options: ServerOptions;

    constructor(options: ServerOptions) {
        this.options = options;
    }

    /** The server as its clients see it, without a network in between. */
    readonly fetch: typeof fetch = async (request, init) => {
        const sent = request instanceof Request ? await request.text() : String(init?.body);
        const { status, statusText, headers, body } = await this.handle(sent);
        return new Response(body, { status, statusText, headers });
    };

    /** Half of the latency lies before the moment that counts for the limiter, half behind it. */
    async handle(request: string): Promise<Answer> {
        const { limiter, hint, now } = this.options;
        const { client, row }: Row = JSON.parse(request);
        await sleep(this.#halfLatencyMs());
        const verdict = limiter.take(now());
        this.arrivals.push({ at: now(), client, isAccepted: verdict.isAllowed });
        if (verdict.isAllowed) {
            if (verdict.delayMs) await sleep(verdict.delayMs);
            const name = `${client}:${row}`;
            this.stored.set(name, (this.stored.get(name) ?? 0) + 1);
        }
        await sleep(this.#halfLatencyMs());
        return answer(verdict, hint);
    }

    #halfLatencyMs(): number {
        const { latencyMs = 50, jitterMs = 10, random } = this.options;
        return (latencyMs + jitterMs * (2 * random() - 1)) / 2;
    }
}

function answer({ isAllowed, waitMs, remaining, resetMs }: Verdict, hint: Hint): Answer {
    const headers: Record<string, string> = {};
    const resetSeconds = Math.ceil(resetMs / 1000);
    if (hint === 'headers-6') {
        headers['RateLimit-Remaining'] = String(remaining);
        headers['RateLimit-Reset'] = String(resetSeconds);
    } else if (hint === 'headers-8') {
        headers.RateLimit = `"default";r=${remaining};t=${resetSeconds}`;
    }
    if (isAllowed) return { status: 201, statusText: 'Created', headers, body: '{}' };

    if (hint !== 'none' && hint !== 'exact') headers['Retry-After'] = String(Math.max(1, Math.ceil(waitMs / 1000)));
    const statusText = 'Too Many Requests';
    const body = { message: statusText, ...(hint === 'exact' && { retry_after_ms: Math.ceil(waitMs) }) };
    return { status: 429, statusText, headers, body: JSON.stringify(body) };
}

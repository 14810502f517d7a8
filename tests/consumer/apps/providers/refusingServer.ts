import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RefusingServer {
    url: string;
    records: Map<number, Record<string, unknown>>;
    /** The answers to what writes, in order. */
    writes: { request: string; status: number; at: number }[];
    close(): void;
}

export interface Refusals {
    /** How often the same request is refused before it is accepted. */
    times: number;
    /** What each refusal asks for, in seconds. */
    retryAfter?: number;
    /** How many writes it then accepts in a second. @default any number */
    perSecond?: number;
}

/** An API of contacts that understands what REST providers and those of PostgREST send, and refuses each write at first. */
export async function startRefusingServer({
    times,
    retryAfter,
    perSecond = Number.POSITIVE_INFINITY,
}: Refusals): Promise<RefusingServer> {
    const records = new Map<number, Record<string, unknown>>();
    const writes: RefusingServer['writes'] = [];

    const idsOf = (url: URL): number[] => {
        const inPath = /\/contacts\/(\d+)$/.exec(url.pathname)?.[1];
        const inQuery = url.searchParams.get('id') ?? ''; // eq.1, in.(1,2)
        return (inPath ?? inQuery).match(/\d+/g)?.map(Number) ?? [];
    };

    const write = (method: string, url: URL, data: Record<string, unknown>) => {
        const ids = method === 'POST' ? [records.size + 1] : idsOf(url);
        return ids.map(id => {
            const record = { ...records.get(id), ...data, id };
            records.set(id, record);
            return record;
        });
    };

    const server = createServer(async (request, response) => {
        const { method = 'GET', headers } = request;
        const url = new URL(request.url ?? '/', 'http://localhost');
        const answer = (status: number, body: unknown, more: Record<string, string> = {}) =>
            response.writeHead(status, { 'Content-Type': 'application/json', ...more }).end(JSON.stringify(body));

        if (method === 'GET') {
            const found = [...records.values()];
            const isOne = /\/contacts\/\d+$/.test(url.pathname);
            answer(200, isOne ? records.get(idsOf(url)[0] ?? 0) : found, {
                'Content-Range': `contacts 0-${found.length}/${found.length}`,
                'X-Total-Count': String(found.length),
            });
            return;
        }
        const body = await textOf(request);
        const name = `${method} ${request.url} ${body}`;
        const since = Date.now() - 1000;
        const accepted = writes.filter(({ status, at }) => status !== 429 && at > since).length;
        const isRefused = writes.filter(({ request }) => request === name).length < times || accepted >= perSecond;
        const isGone = method === 'DELETE' && !idsOf(url).every(id => records.has(id));
        writes.push({ request: name, status: isRefused ? 429 : isGone ? 404 : 200, at: Date.now() });
        if (isRefused) {
            answer(429, { message: 'Slow down' }, retryAfter ? { 'Retry-After': String(retryAfter) } : {});
            return;
        }
        if (isGone) {
            answer(404, { message: 'Not found' });
            return;
        }
        if (method === 'DELETE') {
            for (const id of idsOf(url)) records.delete(id);
            answer(200, { id: idsOf(url)[0] });
            return;
        }
        const written = write(method, url, JSON.parse(body));
        const isList = url.pathname.startsWith('/rest/v1') && !headers.accept?.includes('vnd.pgrst.object');
        answer(200, isList ? written : written[0]);
    });

    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        records,
        writes,
        close: () => {
            server.close();
            server.closeAllConnections();
        },
    };
}

async function textOf(request: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    return text;
}

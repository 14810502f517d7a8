import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen, type RunningServer } from '../../integration/support/listen.ts';

/** The answer to a refused write, on its way to the browser. */
export interface Refusal {
    headers: Headers;
    /** As PostgREST writes errors. */
    body: { details: string | null };
}

export type ChangeRefusal = (refusal: Refusal) => void | Promise<void>;

/** A write that came through, as the server knows it: a preflight is none. */
export interface ServedWrite {
    status: number;
    receivedAt: number;
    answeredAt: number;
    /** How long it asked to wait, in the body and in the header, before anything was changed. */
    inBodyMs: number;
    inHeaderMs: number;
}

export interface OtherOrigin extends RunningServer {
    /** The writes since the last change. */
    writes: ServedWrite[];
    /** Changes the refusals from now on, and nothing else. A refusal is not sent before it has been changed. */
    changeRefusals(change: ChangeRefusal): void;
}

/** Of a connection, or written anew. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'host', 'content-length', 'content-encoding', 'transfer-encoding'];

/** The same API on another origin: a proxy in front of it. */
export async function startOtherOrigin(apiUrl: string): Promise<OtherOrigin> {
    const writes: ServedWrite[] = [];
    let change: ChangeRefusal = () => {};

    const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const receivedAt = performance.now();
        const { method = '' } = request;
        const isWrite = !['GET', 'HEAD', 'OPTIONS'].includes(method);
        const answer = await fetch(`${apiUrl}${request.url}`, {
            method,
            headers: withoutHopByHop(new Headers(request.headers as Record<string, string>)),
            ...(isWrite && { body: await buffer(request) }),
        });
        const { status } = answer;
        const headers = withoutHopByHop(new Headers(answer.headers));
        let content = Buffer.from(await answer.arrayBuffer());
        const served: ServedWrite = { status, receivedAt, answeredAt: 0, inBodyMs: 0, inHeaderMs: 0 };
        if (status === 429) {
            const body = JSON.parse(content.toString());
            served.inBodyMs = JSON.parse(body.details).retry_after_ms;
            served.inHeaderMs = Number(headers.get('retry-after')) * 1000;
            await change({ headers, body });
            content = Buffer.from(JSON.stringify(body));
        }
        served.answeredAt = performance.now();
        if (isWrite) writes.push(served);
        response.writeHead(status, [...headers].flat()).end(content);
    };

    const server = createServer((request, response) => {
        pass(request, response).catch(() => request.socket.destroy());
    });
    return {
        ...(await listen(server)),
        writes,
        changeRefusals: next => {
            change = next;
            writes.length = 0;
        },
    };
}

function withoutHopByHop(headers: Headers): Headers {
    for (const name of HOP_BY_HOP) headers.delete(name);
    return headers;
}

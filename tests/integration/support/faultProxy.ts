import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An answer that a gateway gives itself: the server behind it never hears of the request. */
export interface GatewayAnswer {
    status: number;
    headers?: Record<string, string>;
    body: string;
}

/**
 * What happens to a request. All but `lostRequest` and a gateway's answer reach the server, which does what it is told:
 * only its answer suffers.
 */
export type Fault =
    | 'none'
    /** The connection is cut before the request has reached the server. */
    | 'lostRequest'
    /** The connection is cut before the answer. */
    | 'lostAnswer'
    /** The connection is cut in the middle of the answer. */
    | 'truncated'
    /** The answer never comes, and the connection stays. */
    | 'never'
    | { lateByMs: number }
    | { contentType: string }
    | GatewayAnswer;

export type FaultPlan = (request: IncomingMessage, count: number) => Fault;

export interface FaultProxy {
    url: string;
    /** Requests that arrived here, those that were lost included. */
    requests: { method: string; path: string; fault: Fault }[];
    /** What happens to the requests from now on. The count begins at 1 again. */
    plan(plan: FaultPlan): void;
    /** The process dies: connections are cut, and nobody listens any more. What the server has begun it ends. */
    die(): Promise<void>;
    revive(): Promise<void>;
    close(): Promise<void>;
}

/** A proxy in front of a server on loopback, which spoils what it is told to spoil. */
export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
    const requests: FaultProxy['requests'] = [];
    let currentPlan: FaultPlan = () => 'none';
    let count = 0;

    const handle = async (request: IncomingMessage, response: ServerResponse) => {
        const fault = currentPlan(request, ++count);
        requests.push({ method: request.method ?? '', path: request.url ?? '', fault });
        if (fault === 'lostRequest') {
            request.socket.destroy();
            return;
        }
        const body = await buffer(request);
        if (typeof fault === 'object' && 'status' in fault) {
            response.writeHead(fault.status, fault.headers).end(fault.body);
            return;
        }
        const answer = await ask(targetUrl, request, body);
        if (fault === 'never') return;
        if (fault === 'lostAnswer') {
            request.socket.destroy();
            return;
        }
        if (typeof fault === 'object' && 'lateByMs' in fault) {
            await new Promise(resolve => setTimeout(resolve, fault.lateByMs));
        }
        if (typeof fault === 'object' && 'contentType' in fault) answer.headers['content-type'] = fault.contentType;
        response.writeHead(answer.status, answer.headers);
        if (fault !== 'truncated') {
            response.end(answer.body);
            return;
        }
        // The head of the answer tells the length of all of it.
        response.write(answer.body.subarray(0, answer.body.length / 2), () => request.socket.destroy());
    };

    const server = createServer((request, response) => {
        handle(request, response).catch(() => request.socket.destroy());
    });
    const listen = async (port: number) => {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
        return (server.address() as AddressInfo).port;
    };
    const die = async () => {
        if (!server.listening) return;
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
    };
    const port = await listen(0);
    return {
        url: `http://127.0.0.1:${port}`,
        requests,
        plan: next => {
            currentPlan = next;
            count = 0;
            requests.length = 0;
        },
        die,
        revive: async () => {
            await listen(port);
        },
        close: die,
    };
}

interface Answer {
    status: number;
    headers: Record<string, string>;
    body: Buffer;
}

function ask(targetUrl: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const target = new URL(url ?? '/', targetUrl);
        const request = forward(
            target,
            { method, headers: { ...headers, host: target.host }, agent: false },
            response => {
                buffer(response).then(content => {
                    const { 'transfer-encoding': _, ...rest } = response.headers as Record<string, string>;
                    const told = { ...rest, 'content-length': `${content.length}` };
                    resolve({ status: response.statusCode ?? 500, headers: told, body: content });
                }, reject);
            },
        );
        request.on('error', reject);
        request.end(body);
    });
}

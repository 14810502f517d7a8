import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Connect } from 'vite';

const EXPOSED = 'access-control-expose-headers';

/**
 * The rate limiter exposes its `Retry-After` to pages of other origins. PostgREST sends that beside what it exposes
 * itself, Supabase Lite replaces it with its own: here it is put back.
 */
export const exposeRetryAfter: Connect.NextHandleFunction = (_, response: ServerResponse, next) => {
    const writeHead = response.writeHead.bind(response) as (
        status: number,
        headers: OutgoingHttpHeaders,
    ) => ServerResponse;
    response.writeHead = ((status: number, headers: OutgoingHttpHeaders) => {
        if (headers['retry-after']) headers[EXPOSED] = `${headers[EXPOSED]}, Retry-After`;
        return writeHead(status, headers);
    }) as typeof response.writeHead;
    next();
};

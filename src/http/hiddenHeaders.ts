import type { RateLimitService } from '../core/service.js';

/** In most bundles the text below is replaced, and no `process` is left. */
declare const process: { env: { NODE_ENV?: string } };

const told = new WeakSet<RateLimitService>();

/**
 * Tells developers, once, that they see no `Retry-After` of a server on another origin. A browser hides it unless the
 * server exposes it (https://fetch.spec.whatwg.org/#http-access-control-expose-headers), and nobody can tell a hidden
 * header from one that was not sent.
 */
export function hintAtHiddenHeaders(service: RateLimitService, { type, url }: Response): void {
    if (type !== 'cors' || told.has(service) || !isDevelopment()) return;
    told.add(service);
    service.dispatcher.monitor.log(
        'info',
        'No Retry-After is seen in a 429 of another origin. If the server sends one, it has to expose it: ' +
            'Access-Control-Expose-Headers: Retry-After, RateLimit, RateLimit-Policy',
        { origin: url.split('/', 3).join('/') },
    );
}

function isDevelopment(): boolean {
    try {
        return process.env.NODE_ENV !== 'production';
    } catch {
        return false; // neither bundled nor Node
    }
}

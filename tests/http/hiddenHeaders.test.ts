import { rateLimitFetch } from 'ra-rate-limit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';

/** A response as a browser has it: one of another origin is of the type `cors`. */
function refused(type: ResponseType, headers: HeadersInit = {}): Response {
    const response = new Response('slow down', { status: 429, headers });
    Object.defineProperties(response, {
        type: { value: type },
        url: { value: 'https://api.example.com/rest/v1/notes' },
    });
    return response;
}

/** What a service says to developers about these responses. */
async function linesAbout(...responses: Response[]) {
    const { service, lines } = createService();
    for (const response of responses) {
        await rateLimitFetch(service, { fetch: async () => response })('https://api.example.com/rest/v1/notes?id=eq.7');
    }
    return lines;
}

beforeEach(() => {
    vi.stubEnv('NODE_ENV', 'development');
});

afterEach(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
});

describe('a 429 of another origin without a visible Retry-After', () => {
    it('is told to developers once, with what to expose and where', async () => {
        expect(await linesAbout(refused('cors'), refused('cors'))).toEqual([
            {
                level: 'info',
                message: expect.stringMatching(
                    /^\[RateLimit\] No Retry-After .*Access-Control-Expose-Headers: Retry-After/,
                ),
                context: { origin: 'https://api.example.com' },
            },
        ]);
    });

    it('is told once for each service', async () => {
        expect(await linesAbout(refused('cors'))).toHaveLength(1);
        expect(await linesAbout(refused('cors'))).toHaveLength(1);
    });

    it('is nothing that production hears of', async () => {
        vi.stubEnv('NODE_ENV', 'production');

        expect(await linesAbout(refused('cors'))).toEqual([]);
    });

    it('is not told where nobody knows whether this is development', async () => {
        vi.stubGlobal('process', undefined);

        expect(await linesAbout(refused('cors'))).toEqual([]);
    });
});

describe('nothing is told about', () => {
    it('a 429 whose Retry-After is seen', async () => {
        expect(await linesAbout(refused('cors', { 'Retry-After': '1' }))).toEqual([]);
    });

    it('one of the same origin, where nothing is hidden', async () => {
        expect(await linesAbout(refused('basic'), refused('default'))).toEqual([]);
    });
});

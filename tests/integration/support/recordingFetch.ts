export interface Exchange {
    sentAt: number;
    answeredAt: number;
    status: number;
    headers: Headers;
}

/** The real `fetch`, with a note of when each request left and what came back when. */
export function recordingFetch(): { fetch: typeof fetch; exchanges: Exchange[] } {
    const exchanges: Exchange[] = [];
    return {
        exchanges,
        fetch: async (input, init) => {
            const sentAt = Date.now();
            const response = await fetch(input, init);
            exchanges.push({ sentAt, answeredAt: Date.now(), status: response.status, headers: response.headers });
            return response;
        },
    };
}

/** The moment before which, by its own answer, the server wanted nothing more. */
export type NamedMoment = (refusal: Exchange) => number;

/** Requests that left after the server had named a moment and before that moment. */
export const tooEarly = (exchanges: readonly Exchange[], namedMoment: NamedMoment): Exchange[] =>
    exchanges
        .filter(({ status }) => status === 429)
        .flatMap(refusal =>
            exchanges.filter(({ sentAt }) => sentAt > refusal.answeredAt && sentAt < namedMoment(refusal)),
        );

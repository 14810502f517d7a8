import * as Sentry from '@sentry/react';

export interface SentEvent extends Sentry.Event {
    contexts: NonNullable<Sentry.Event['contexts']>;
    breadcrumbs: Sentry.Breadcrumb[];
}

/**
 * The real SDK with its default integrations, and a transport of ours: what it gives to that is what would leave the
 * browser.
 */
export function openInbox(options: Sentry.BrowserOptions = {}) {
    const envelopes: string[] = [];
    Sentry.getIsolationScope().clearBreadcrumbs();
    Sentry.init({
        dsn: 'https://public@127.0.0.1/1',
        transport: transportOptions =>
            Sentry.createTransport(transportOptions, async ({ body }) => {
                envelopes.push(typeof body === 'string' ? body : new TextDecoder().decode(body));
                return { statusCode: 200 };
            }),
        ...options,
    });
    /** All that was sent, as text. */
    const text = async () => {
        await Sentry.flush();
        return envelopes.join('\n');
    };
    const events = async () => {
        await Sentry.flush();
        return envelopes.flatMap(eventsOf);
    };
    /** The breadcrumbs that the next event would carry and that are ours. */
    const breadcrumbs = () =>
        Sentry.getIsolationScope()
            .getScopeData()
            .breadcrumbs.filter(({ category }) => category === 'rate-limit');
    return { text, events, breadcrumbs };
}

/** An envelope is a line of headers, and for each item another and one of its content. */
function eventsOf(envelope: string): SentEvent[] {
    const [, ...lines] = envelope.split('\n').map(line => JSON.parse(line));
    return lines.filter((_, index) => index % 2 === 1 && lines[index - 1].type === 'event');
}

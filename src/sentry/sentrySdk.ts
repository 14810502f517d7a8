/** What is used of a Sentry SDK: the namespace of `@sentry/react`, `@sentry/browser` or `@sentry/node`, 8 to 11. */
export interface SentrySdk {
    withScope(callback: (scope: SentryScope) => void): unknown;
    captureMessage(message: string, level: 'warning'): unknown;
    captureException(error: unknown): unknown;
    addBreadcrumb(breadcrumb: {
        category: string;
        level: 'info' | 'warning';
        message: string;
        data: Record<string, unknown>;
    }): unknown;
}

/** What is used of a scope. */
export interface SentryScope {
    setTags(tags: Record<string, string | undefined>): unknown;
    setFingerprint(fingerprint: string[]): unknown;
    setContext(name: string, context: Record<string, unknown>): unknown;
    addEventProcessor(processor: <Event extends SentryEvent>(event: Event) => Event): unknown;
}

/** What is read and changed of an event before it is sent. */
export interface SentryEvent {
    fingerprint?: string[];
    exception?: { values?: object[] | undefined };
    contexts?: Record<string, object | undefined>;
}

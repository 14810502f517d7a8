import { act, render } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { type RateLimitOptions, RateLimitService, runBulk, withRateLimit } from 'ra-rate-limit';
import { RateLimitBanner, type RateLimitBannerProps } from 'ra-rate-limit/mui';
import {
    AdminContext,
    type AdminContextProps,
    defaultI18nProvider,
    type I18nProvider,
    memoryStore,
    testDataProvider,
} from 'react-admin';
import { onTestFinished, vi } from 'vitest';

export interface BannerScreenOptions extends RateLimitBannerProps {
    options?: RateLimitOptions;
    theme?: NonNullable<AdminContextProps['theme']>;
    i18nProvider?: I18nProvider;
}

/** An admin whose server accepts everything until it is told not to. Time is that of the fake timers. */
export function renderBanner({
    options,
    theme,
    i18nProvider = defaultI18nProvider,
    ...props
}: BannerScreenOptions = {}) {
    const service = new RateLimitService({ logger: false, jitterFactor: 0, ...options });
    const server = {
        /** What it answers next, one request after another; a number asks for a pause of as many seconds. */
        script: [] as (number | 'refuse' | 'accept')[],
    };
    const create = async (_resource: string, { data }: { data: object }) => {
        const answer = server.script.shift() ?? 'accept';
        if (answer === 'accept') return { data: { id: 1, ...data } };
        throw new HttpError('Too Many Requests', 429, answer === 'refuse' ? {} : { retry_after: answer });
    };
    const getList = async () => create('contacts', { data: {} }).then(({ data }) => ({ data: [data], total: 1 }));
    // biome-ignore lint/suspicious/noExplicitAny: a record of any kind
    const base = testDataProvider({ create: create as any, getList: getList as any });
    const dataProvider = withRateLimit(base, { service, methods: () => true });

    const view = render(
        <AdminContext
            dataProvider={dataProvider}
            store={memoryStore()}
            {...(theme && { theme })}
            i18nProvider={i18nProvider}
        >
            <RateLimitBanner {...props} />
        </AdminContext>,
    );
    onTestFinished(view.unmount);

    return {
        service,
        server,
        unmount: view.unmount,
        /** Somebody saves, and the server answers as scripted from then on. */
        save: (...script: typeof server.script) =>
            act(async () => {
                server.script = script;
                void dataProvider.create('contacts', { data: {} }).catch(() => {});
            }),
        /** Somebody opens a list, whose reads wait as well. */
        read: (...script: typeof server.script) =>
            act(async () => {
                server.script = script;
                const page = { pagination: { page: 1, perPage: 10 }, sort: { field: 'id', order: 'ASC' }, filter: {} };
                void dataProvider.getList('contacts', page as never).catch(() => {});
            }),
        /** Somebody imports two rows, as part of bulk work. */
        importRows: (...script: typeof server.script) =>
            act(async () => {
                server.script = script;
                void runBulk([1, 2], () => dataProvider.create('contacts', { data: {} }), { service });
            }),
    };
}

const STEP_MS = 50;

/** In small steps: React renders at the end of each `act`, and sets its next timers only then. */
export async function advance(ms: number) {
    for (let left = ms; left >= 0; left -= STEP_MS) {
        await act(() => vi.advanceTimersByTimeAsync(Math.min(left, STEP_MS)));
    }
}

/** The banner that is seen, be it fading. */
export const banner = () => document.querySelector<HTMLElement>('.MuiAlert-root');

export const shownText = () => banner()?.textContent ?? null;

/** What screen readers were told last. */
export const announced = () => document.querySelector('.RaRateLimitBanner-status')?.textContent;

import type { DataProvider } from 'ra-core';
import {
    getRateLimitService,
    type RateLimitOptions,
    RateLimitService,
    type WithRateLimitOptions,
    withRateLimit,
} from 'ra-rate-limit';
import { describe, expectTypeOf, it } from 'vitest';
import { createProvider } from '../support/createProvider';

// The assertions are checked by the type checker: `npm run types`.

interface CrmDataProvider extends DataProvider {
    archiveContact(id: number): Promise<{ data: { archivedAt: Date } }>;
    getBaseUrl(): string;
}
const crm = createProvider() as unknown as CrmDataProvider;

describe('withRateLimit', () => {
    it('returns the type that went in, custom methods included', () => {
        const dataProvider = withRateLimit(crm);

        expectTypeOf(dataProvider).toEqualTypeOf<CrmDataProvider>();
        expectTypeOf(dataProvider.archiveContact).returns.resolves.toEqualTypeOf<{ data: { archivedAt: Date } }>();
        expectTypeOf(dataProvider.getBaseUrl).returns.toEqualTypeOf<string>();
    });

    it('keeps the type of an object literal, and a plain DataProvider one', () => {
        expectTypeOf(withRateLimit({ ping: async () => 'pong' as const })).toEqualTypeOf<{
            ping: () => Promise<'pong'>;
        }>();
        expectTypeOf(withRateLimit(crm as DataProvider)).toEqualTypeOf<DataProvider>();
    });

    it('takes objects only', () => {
        // @ts-expect-error a text is no data provider
        expectTypeOf(withRateLimit<string>).toBeFunction();
    });

    it('takes the options of a service, or a service, not both', () => {
        const service = new RateLimitService();

        expectTypeOf<{ maxRetries: number }>().toExtend<WithRateLimitOptions>();
        expectTypeOf<{ service: RateLimitService; enabled: () => boolean }>().toExtend<WithRateLimitOptions>();
        expectTypeOf<{ service: RateLimitService; maxRetries: number }>().not.toExtend<WithRateLimitOptions>();
        expectTypeOf<{ service: object }>().not.toExtend<WithRateLimitOptions>();
        expectTypeOf(withRateLimit(crm, { service })).toEqualTypeOf<CrmDataProvider>();
    });

    it('takes options that are undefined, also with exactOptionalPropertyTypes', () => {
        expectTypeOf<{ maxRetries: number | undefined }>().toExtend<WithRateLimitOptions>();
        expectTypeOf<{ methods: readonly string[] | undefined }>().toExtend<WithRateLimitOptions>();
    });

    it('takes a predicate that reads what it likes of an error', () => {
        expectTypeOf<(error: { status?: number }) => boolean>().toExtend<
            NonNullable<RateLimitOptions['isRateLimitError']>
        >();
    });
});

describe('getRateLimitService', () => {
    it('takes anything and may find nothing', () => {
        expectTypeOf(getRateLimitService).parameter(0).toBeUnknown();
        expectTypeOf(getRateLimitService).returns.toEqualTypeOf<RateLimitService | undefined>();
    });
});

describe('executeWithRetry', () => {
    it('resolves with what the operation does', () => {
        const service = new RateLimitService();

        expectTypeOf(service.executeWithRetry(async () => 42)).resolves.toEqualTypeOf<number>();
        expectTypeOf(service.executeWithRetry(() => 'at once')).resolves.toEqualTypeOf<string>();
    });

    it('tells each listener what its event holds', () => {
        new RateLimitService().on('retry', event => expectTypeOf(event.delayMs).toEqualTypeOf<number>());
        new RateLimitService().on('open', event => expectTypeOf(event).not.toHaveProperty('delayMs'));
        // @ts-expect-error there is no such event
        expectTypeOf(() => new RateLimitService().on('opened', () => {})).toBeFunction();
    });
});

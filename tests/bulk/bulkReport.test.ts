import type { BulkProgress } from 'ra-rate-limit';
import { describe, expect, it, vi } from 'vitest';
import { BulkReport } from '../../src/bulk/bulkReport';
import { Patience } from '../../src/bulk/patience';
import { createSession } from '../support/bulkSession';
import { createService } from '../support/createService';
import { rejectionOf } from '../support/scriptedCalls';

function createReport({ total }: { total?: number } = {}) {
    const { service, clock, lines } = createService();
    const { session } = createSession();
    const patience = new Patience(service, session, false);
    const onProgress = vi.fn<(progress: BulkProgress) => void>();
    const onResult = vi.fn();
    const report = new BulkReport<string, string>({ service, onProgress, onResult, total }, session, patience);
    const last = () => onProgress.mock.lastCall?.[0];
    return { report, session, patience, service, clock, lines, onProgress, onResult, last };
}

const SUCCEEDED = { index: 0, item: 'a', value: 'A', outcome: 'succeeded' } as const;
const failed = (index: number) => ({ index, item: 'b', error: new Error('bad'), outcome: 'failed' }) as const;
const UNKNOWN = { index: 2, item: 'c', error: new Error('lost'), outcome: 'unknown' } as const;

describe('the result', () => {
    it('has each item in one count, and the errors in the order of the items', async () => {
        const { report, session, clock } = createReport();
        await clock.advance(1500);
        session.rateLimited = 3;
        session.retries = 4;
        for (const result of [UNKNOWN, failed(1), SUCCEEDED]) report.record(result);

        const { errors, ...counts } = report.result(3);

        expect(counts).toEqual({
            status: 'done',
            total: 3,
            succeeded: 1,
            failed: 1,
            unknown: 1,
            notAttempted: 0,
            rateLimited: 3,
            retries: 4,
            durationMs: 1500,
        });
        expect(errors.map(({ index }) => index)).toEqual([1, 2]);
    });

    it('of a run that was cancelled counts what was never read', () => {
        const { report, session } = createReport({ total: 10 });
        report.record(SUCCEEDED);
        session.cancel();

        expect(report.result(4)).toMatchObject({ status: 'cancelled', total: 10, notAttempted: 9 });
    });

    it('of a run that came to its end is of what was read, not of what was promised', () => {
        const { report } = createReport({ total: 10 });
        report.record(SUCCEEDED);

        expect(report.result(1)).toMatchObject({ status: 'done', total: 1, notAttempted: 0 });
    });
});

describe('the progress', () => {
    it('goes on in the moment in which a pause is over', async () => {
        const { report, service, clock, last } = createReport();
        service.dispatcher.pause(3000);
        await clock.advance(3000);

        report.tell();

        expect(last()).toMatchObject({ status: 'running' });
    });

    it('has no time left that nobody knows', () => {
        const { report, last } = createReport();

        report.record(SUCCEEDED);

        expect(last()).not.toHaveProperty('etaMs');
    });

    it('is running while items leave', () => {
        const { report, last } = createReport({ total: 2 });

        report.record(SUCCEEDED);

        expect(last()).toMatchObject({ status: 'running', processed: 1, succeeded: 1, total: 2 });
        expect(last()).not.toHaveProperty('resumesAt');
    });

    it('is paused by its user, and then nobody knows until when', () => {
        const { report, session, last } = createReport();
        session.isPaused = true;

        report.tell();

        expect(last()).toMatchObject({ status: 'paused' });
        expect(last()).not.toHaveProperty('resumesAt');
    });

    it('waits for the server until the end of its pause', () => {
        const { report, service, clock, last } = createReport();
        service.dispatcher.pause(3000);

        report.tell();

        expect(last()).toMatchObject({ status: 'paused', resumesAt: clock.now() + 3000, waitsFor: 'server' });
    });

    it('waits for the connection when that takes longer', async () => {
        const { report, service, patience, clock, last } = createReport();
        service.dispatcher.pause(500);
        await rejectionOf(patience.pass(() => Promise.reject(new TypeError('Failed to fetch'))));

        report.tell();

        expect(last()).toMatchObject({ status: 'paused', resumesAt: clock.now() + 1000, waitsFor: 'connection' });
    });

    it('is told once more at the end, as what it was', () => {
        const { report, session, onProgress, last } = createReport();
        report.record(SUCCEEDED);
        session.isPaused = true;
        const told = onProgress.mock.calls.length;

        report.tell(true);

        expect(onProgress).toHaveBeenCalledTimes(told + 1);
        expect(last()).toMatchObject({ status: 'running', processed: 1 });
    });

    it('says nothing of the time left once the run is over', async () => {
        const { report, session, clock, last } = createReport({ total: 10 });
        await clock.advance(5000);
        report.record(SUCCEEDED);
        await clock.advance(1000);
        report.record(failed(1));
        expect(last()).toHaveProperty('etaMs');

        session.cancel();
        report.tell(true);

        expect(last()).not.toHaveProperty('etaMs');
    });
});

it('a listener that throws costs nothing, and is logged', () => {
    const { report, onResult, onProgress, lines } = createReport();
    onResult.mockImplementation(() => {
        throw new Error('mine');
    });

    report.record(SUCCEEDED);

    expect(onProgress).toHaveBeenCalled();
    expect(lines.map(({ message }) => message)).toEqual(['[RateLimit] A listener threw']);
});

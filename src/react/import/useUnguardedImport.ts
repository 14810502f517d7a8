import { DataProviderContext, useEvent, useRefresh } from 'ra-core';
import { useContext, useEffect, useReducer, useRef, useState } from 'react';
import type { BulkImport, ResumableImport, UseBulkImportOptions } from '../useBulkImport.js';
import { useRateLimitService } from '../useRateLimitService.js';
import { isImportFailure } from './importFailure.js';
import { withImportLock } from './importLock.js';
import { checkImport } from './importOptions.js';
import { ImportRun } from './importRun.js';
import { removeImport } from './importStore.js';
import { useResumableImport } from './useResumableImport.js';

type ImportState<Row> = Pick<BulkImport<Row>, 'status' | 'progress' | 'result' | 'error' | 'blockedUntil' | 'isKept'>;

const IDLE = {
    status: 'idle',
    progress: null,
    result: null,
    error: undefined,
    blockedUntil: null,
    isKept: false,
} as const satisfies ImportState<unknown>;

/** Rows are on their way, or wait for it. */
export const isRunning = ({ status }: Pick<BulkImport<unknown>, 'status'>): boolean =>
    status === 'running' || status === 'paused';

/** `useBulkImport` for a screen that asks by itself before it is left, with `useLeaveGuard`. */
export function useUnguardedImport<Row>(options: UseBulkImportOptions<Row>): BulkImport<Row> {
    const { resumeKey } = options;
    const service = useRateLimitService();
    // Not useDataProvider(): that hides which methods there are, and logs a person out for the error of a row.
    const dataProvider = useContext(DataProviderContext);
    const refresh = useRefresh();
    const [state, setState] = useState<ImportState<Row>>(IDLE);
    const [ends, countEnd] = useReducer((count: number) => count + 1, 0);
    const resumable = useResumableImport(isRunning(state) ? undefined : resumeKey, ends);
    const current = useRef<ImportRun<Row> | null>(null);
    const isGone = useRef(false);
    /** Was discarded, and is still offered until the next render. */
    const discarded = useRef<ResumableImport | null>(null);

    const { status } = state;

    useEffect(() => {
        isGone.current = false;
        // In strict mode, and where it was hidden, it is the same one that comes back: its import was let go.
        setState(before => (isRunning(before) ? IDLE : before));
        return () => {
            isGone.current = true;
            current.current?.abandon();
            current.current = null;
        };
    }, []);

    useEffect(() => {
        if (status !== 'blocked') return undefined;
        const look = () => {
            const { openUntil } = service.getSnapshot();
            setState(openUntil === null ? IDLE : { ...IDLE, status: 'blocked', blockedUntil: openUntil });
        };
        look();
        return service.subscribe(look);
    }, [status, service]);

    const start: BulkImport<Row>['start'] = useEvent(async (rows, { total, keep } = {}) => {
        if (isGone.current) return undefined;
        if (current.current) throw new Error('ra-rate-limit: an import is running. Await its end, or cancel it');
        if (!dataProvider) throw new Error('ra-rate-limit: useBulkImport needs <Admin dataProvider> around it');
        checkImport(options, rows);
        const { openUntil } = service.getSnapshot();
        if (openUntil !== null) {
            setState({ ...IDLE, status: 'blocked', blockedUntil: openUntil });
            return undefined;
        }
        const tell = (change: Partial<ImportState<Row>>) => {
            if (current.current === run) setState(before => ({ ...before, ...change }));
        };
        const run = new ImportRun(rows, {
            ...options,
            service,
            dataProvider,
            total,
            keep,
            resumes: resumable === discarded.current ? null : resumable,
            onProgress: (progress, isKept) => tell({ progress, isKept }),
        });
        current.current = run;
        setState({ ...IDLE, status: 'running', isKept: resumeKey !== undefined });
        try {
            const result = await run.result;
            tell({ status: result.status, result });
            return result;
        } catch (error) {
            tell({ status: 'failed', error });
            return undefined;
        } finally {
            if (current.current === run) current.current = null;
            countEnd();
            refresh();
        }
    });

    const pause = useEvent((isPaused: boolean) => {
        if (!current.current || current.current.isCancelled) return;
        current.current.pause(isPaused);
        setState(before => ({ ...before, status: isPaused ? 'paused' : 'running' }));
    });

    const discard = useEvent(async () => {
        if (resumeKey === undefined || current.current) return;
        try {
            await withImportLock(resumeKey, () => removeImport(resumeKey));
            discarded.current = resumable;
            countEnd();
        } catch (error) {
            if (isImportFailure(error)) throw error;
            // Else the browser keeps nothing.
        }
    });

    return {
        ...state,
        resumable,
        start,
        pause: useEvent(() => pause(true)),
        resume: useEvent(() => pause(false)),
        cancel: useEvent(() => current.current?.cancel()),
        discard,
    };
}

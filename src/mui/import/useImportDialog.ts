import { useCallback, useEffect, useState } from 'react';
import type { BulkImport, BulkImportResult } from '../../react/useBulkImport.js';
import { type CheckReport, checkRows } from './checkRows.js';
import { type CsvFile, type InspectOptions, inspectCsv } from './csv/inspectCsv.js';
import { type ColumnMapping, type LabelledField, matchColumns } from './importFields.js';
import type { ValidateRow } from './importRowOptions.js';
import { type ImportRow, readImportRows } from './importRows.js';
import { forgetFile, type KeptFile, keepFile } from './keptFile.js';
import { useKeptFile } from './useKeptFile.js';
import { useLatestSignal } from './useLatestSignal.js';

/** Where a person is in the dialog. */
export type ImportStep =
    | { name: 'choose'; error?: unknown }
    | { name: 'read'; file: File; share: number }
    | MapStep
    | { name: 'check'; csv: CsvFile; mapping: ColumnMapping; report: CheckReport; isOver: boolean }
    | ImportingStep
    | { name: 'summary'; csv: CsvFile; result: BulkImportResult<ImportRow> };

export interface MapStep {
    name: 'map';
    csv: CsvFile;
    mapping: ColumnMapping;
    /** Why the file could not be read as the person wished, or not be checked. */
    error?: unknown;
}

export interface ImportingStep {
    name: 'import';
    csv: CsvFile;
    mapping: ColumnMapping;
    /** Whether the person is asked about stopping it, or has said so. */
    stop?: 'asked' | 'confirmed';
    /** It was blocked or failed: the status of the import tells which. */
    isHalted?: true;
}

export interface ImportDialogOptions {
    /** Opened again, the dialog begins anew. */
    open: boolean;
    fields: readonly LabelledField[];
    bulkImport: BulkImport<ImportRow>;
    validate: ValidateRow | undefined;
    resumeKey: string | undefined;
}

export type ImportDialogState = ReturnType<typeof useImportDialog>;

/** The steps of an import, without their looks. */
export function useImportDialog({ open, fields, bulkImport, validate, resumeKey }: ImportDialogOptions) {
    const [step, setStep] = useState<ImportStep>({ name: 'choose' });
    const newSignal = useLatestSignal();
    const { status, resumable } = bulkImport;
    const keptFile = useKeptFile(resumeKey, resumable !== null);

    const restart = useCallback(() => {
        newSignal();
        setStep(current => (isUnderWay(current) ? current : { name: 'choose' }));
    }, [newSignal]);

    useEffect(() => {
        if (open) restart();
        else newSignal();
    }, [open, restart, newSignal]);

    const isBlocked = step.name === 'import' && step.isHalted === true && status === 'blocked' && resumable === null;
    useEffect(() => {
        // Nothing was started, so that there is nothing to keep the file for.
        if (isBlocked && resumeKey !== undefined) void forgetFile(resumeKey);
    }, [isBlocked, resumeKey]);

    /** @param from where to go back to when the file cannot be read so */
    async function read(file: File, options: InspectOptions, from: MapStep | { name: 'choose' }) {
        const signal = newSignal();
        const onProgress = (share: number) => setStep(reading(file, Math.round(share * 100) / 100));
        onProgress(0);
        try {
            const csv = await inspectCsv(file, { ...options, signal, onProgress });
            setStep({ name: 'map', csv, mapping: matchColumns(csv.columns, fields) });
        } catch (error) {
            if (!signal.aborted) setStep({ ...from, error });
        }
    }

    async function check({ csv, mapping }: KeptFile) {
        const signal = newSignal();
        const onProgress = (report: CheckReport) => setStep({ name: 'check', csv, mapping, report, isOver: false });
        onProgress({ checked: 0, bad: 0, problems: [] });
        try {
            const rows = readImportRows(csv, fields, mapping, { signal });
            const report = await checkRows(rows, validate, { signal, onProgress });
            setStep({ name: 'check', csv, mapping, report, isOver: true });
        } catch (error) {
            if (!signal.aborted) setStep({ name: 'map', csv, mapping, error });
        }
    }

    /** An import that did not come to its end goes on where it was, provided that its rows are the same. */
    async function start({ csv, mapping }: KeptFile) {
        setStep({ name: 'import', csv, mapping });
        if (resumeKey !== undefined && !resumable) await keepFile(resumeKey, { csv, mapping });
        const rows = readImportRows(csv, fields, mapping);
        const result = await bulkImport.start(rows, { total: csv.rows });
        if (!result) {
            setStep({ name: 'import', csv, mapping, isHalted: true });
            return;
        }
        // One that was stopped can be resumed.
        if (resumeKey !== undefined && result.status === 'done') await forgetFile(resumeKey);
        setStep({ name: 'summary', csv, result });
    }

    const setStop = (stop: 'asked' | 'confirmed' | undefined) =>
        setStep(current => {
            if (current.name !== 'import') return current;
            const { csv, mapping } = current;
            return { name: 'import', csv, mapping, ...(stop && { stop }) };
        });

    return {
        step,
        bulkImport,
        isUnderWay: isUnderWay(step),
        /** Rows are on their way, or wait for it: the import can be paused and stopped. */
        isRunning: status === 'running' || status === 'paused',
        canResume: resumeKey !== undefined,
        /** An earlier import that did not come to its end. Without its file the person has to choose it again. */
        unfinished: resumable && keptFile !== undefined ? { ...resumable, file: keptFile } : null,
        choose: (file: File) => read(file, {}, { name: 'choose' }),
        readAs: (from: MapStep, options: InspectOptions) => read(from.csv.file, options, from),
        /** Fills a field from a column, or from none. */
        map: ({ csv, mapping }: MapStep, source: string, column: number | undefined) => {
            const others = [...mapping].filter(([other]) => other !== source);
            const changed = new Map(column === undefined ? others : [...others, [source, column]]);
            setStep({ name: 'map', csv, mapping: changed });
        },
        check,
        start,
        /** Forgets the earlier import. */
        discard: async () => {
            await bulkImport.discard();
            if (resumeKey !== undefined) await forgetFile(resumeKey);
        },
        /** Asks whether the import shall be stopped, which goes on meanwhile. */
        askToStop: () => setStop('asked'),
        goOn: () => setStop(undefined),
        stop: () => {
            setStop('confirmed');
            bulkImport.cancel();
        },
        backToFile: restart,
        backToMapping: ({ csv, mapping }: KeptFile) => {
            newSignal();
            setStep({ name: 'map', csv, mapping });
        },
    };
}

/** The same step while nothing has changed: a large file has many chunks. */
const reading = (file: File, share: number) => (step: ImportStep) =>
    step.name === 'read' && step.file === file && step.share === share
        ? step
        : ({ name: 'read', file, share } as const);

const isUnderWay = (step: ImportStep) => step.name === 'import' && !step.isHalted;

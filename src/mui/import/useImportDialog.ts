import { useCallback, useEffect, useRef, useState } from 'react';
import { read as readProperty } from '../../core/safely.js';
import { ImportFailure, isImportFailure } from '../../react/import/importFailure.js';
import { isRunning } from '../../react/import/useUnguardedImport.js';
import type { BulkImport, BulkImportResult } from '../../react/useBulkImport.js';
import { type CheckReport, checkRows } from './checkRows.js';
import { type CsvFile, type InspectOptions, inspectCsv } from './csv/inspectCsv.js';
import { type ColumnMapping, type LabelledField, matchColumns, rematchColumns } from './importFields.js';
import type { ValidateRow } from './importRowOptions.js';
import { type ImportRow, readImportRows } from './importRows.js';
import { useLatestSignal } from './useLatestSignal.js';

/** Where a person is in the dialog. */
export type ImportStep =
    | { name: 'choose'; error?: unknown; file?: File }
    | { name: 'read'; file: File; share: number }
    | MapStep
    | { name: 'check'; csv: CsvFile; mapping: ColumnMapping; report: CheckReport; isOver: boolean }
    | ImportingStep
    | { name: 'summary'; csv: CsvFile; result: BulkImportResult<ImportRow> };

/** A file, and which field is filled from which of its columns: also what is kept with an import until its end. */
export interface MappedFile {
    csv: CsvFile;
    mapping: ColumnMapping;
}

export interface MapStep extends MappedFile {
    name: 'map';
    /** Why the file could not be read as the person wished, or not be checked. */
    error?: unknown;
}

export interface ImportingStep extends MappedFile {
    name: 'import';
    /** Whether the person is asked about stopping it, or has said so. */
    stop?: 'asked' | 'confirmed';
    /** It was blocked or failed: the status of the import tells which, unless it could not be started at all. */
    isHalted?: true;
    error?: unknown;
}

export interface ImportDialogOptions {
    /** Opened again, the dialog begins anew. */
    open: boolean;
    fields: readonly LabelledField[];
    bulkImport: BulkImport<ImportRow>;
    validate: ValidateRow | undefined;
}

export type ImportDialogState = ReturnType<typeof useImportDialog>;

/** The steps of an import, without their looks. */
export function useImportDialog({ open, fields, bulkImport, validate }: ImportDialogOptions) {
    const [step, setStep] = useState<ImportStep>({ name: 'choose' });
    const newSignal = useLatestSignal();
    const { resumable } = bulkImport;
    const unfinished = resumable && { ...resumable, file: isMappedFile(resumable.kept) ? resumable.kept : undefined };

    const restart = useCallback(() => {
        newSignal();
        setStep(current => (isUnderWay(current) ? current : { name: 'choose' }));
    }, [newSignal]);

    useEffect(() => {
        if (open) restart();
        else newSignal();
    }, [open, restart, newSignal]);

    const matched = useRef(fields);
    const sources = JSON.stringify(fields.map(({ source }) => source));
    // biome-ignore lint/correctness/useExhaustiveDependencies: the fields are made anew at each render
    useEffect(() => {
        const added = fields.filter(({ source }) => !matched.current.some(field => field.source === source));
        matched.current = fields;
        setStep(current => {
            if (current.name !== 'map') return current;
            return { ...current, mapping: rematchColumns(current.csv.columns, fields, current.mapping, added) };
        });
    }, [sources]);

    /** @param from where to go back to when the file cannot be read so */
    async function read(file: File, options: InspectOptions, from: MapStep | { name: 'choose' }) {
        const signal = newSignal();
        const onProgress = (share: number) => {
            if (share < 1) setStep(reading(file, Math.round(share * 100) / 100));
        };
        // What is read once more stays on the screen unless that takes long, and with it the focus.
        if (from.name === 'choose') onProgress(0);
        try {
            const csv = await inspectCsv(file, { ...options, signal, onProgress });
            const isAlike = from.name === 'map' && isSameTable(from.csv, csv);
            setStep({ name: 'map', csv, mapping: isAlike ? from.mapping : matchColumns(csv.columns, fields) });
        } catch (error) {
            if (!signal.aborted) setStep({ ...from, error, ...(from.name === 'choose' && { file }) });
        }
    }

    async function check({ csv, mapping }: MappedFile) {
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
    async function start({ csv, mapping }: MappedFile) {
        setStep({ name: 'import', csv, mapping });
        const rows = readImportRows(csv, fields, mapping);
        // An error would not survive it.
        const firstRows = csv.firstRows.filter(({ problem }) => !problem);
        const keep: MappedFile = { csv: { ...csv, firstRows }, mapping };
        try {
            const result = await bulkImport.start(rows, { total: csv.rows, keep });
            setStep(result ? { name: 'summary', csv, result } : { name: 'import', csv, mapping, isHalted: true });
        } catch (error) {
            setStep({ name: 'import', csv, mapping, isHalted: true, error });
        }
    }

    function backToMapping({ csv, mapping }: MappedFile) {
        newSignal();
        setStep({ name: 'map', csv, mapping });
    }

    /**
     * One that another tab was busy with, and which has ended since, is not begun anew. One whose file has changed goes on with
     * that which was kept.
     */
    async function tryAgain(from: ImportingStep) {
        const { error } = bulkImport;
        if (!isImportFailure(error)) await start(unfinished?.file ?? from);
        else if (error.code === 'runsElsewhere' && !unfinished) {
            setStep({ ...from, error: new ImportFailure('endedElsewhere') });
        } else await start(from);
    }

    const setStop = (stop: 'asked' | 'confirmed' | undefined) =>
        setStep(current => {
            // Who has stopped it is not asked again, and cannot go back on it.
            if (current.name !== 'import' || current.stop === 'confirmed') return current;
            const { csv, mapping } = current;
            return { name: 'import', csv, mapping, ...(stop && { stop }) };
        });

    return {
        step,
        bulkImport,
        isUnderWay: isUnderWay(step),
        /** It can be paused and stopped. */
        isRunning: isRunning(bulkImport),
        canResume: bulkImport.isKept,
        /** An earlier import that did not come to its end. Without its file the person has to choose it again. */
        unfinished,
        /** @param options how to read the file, where it could not be read as it was */
        choose: (file: File, options: InspectOptions = {}) => read(file, options, { name: 'choose' }),
        readAs: (from: MapStep, options: InspectOptions) => read(from.csv.file, options, from),
        /** Fills a field from a column, or from none. */
        map: ({ csv, mapping }: MapStep, source: string, column: number | undefined) => {
            const others = [...mapping].filter(([other]) => other !== source);
            const changed = new Map(column === undefined ? others : [...others, [source, column]]);
            setStep({ name: 'map', csv, mapping: changed });
        },
        check,
        start,
        tryAgain,
        /** Forgets the earlier import. From the one that it was in the way of, it goes back to the columns. */
        discard: async (from?: MappedFile) => {
            try {
                await bulkImport.discard();
                if (from) backToMapping(from);
            } catch (error) {
                setStep({ name: 'choose', error });
            }
        },
        /** Asks whether the import shall be stopped, which goes on meanwhile. */
        askToStop: () => setStop('asked'),
        goOn: () => setStop(undefined),
        stop: () => {
            setStop('confirmed');
            bulkImport.cancel();
        },
        backToFile: restart,
        backToMapping,
    };
}

/** Whether a file that was read once more has its cells where it had them: their texts may be others. */
const isSameTable = (a: CsvFile, b: CsvFile) => a.delimiter === b.delimiter && a.columns.length === b.columns.length;

/** The same step while nothing has changed: a large file has many chunks. */
const reading = (file: File, share: number) => (step: ImportStep) =>
    step.name === 'read' && step.file === file && step.share === share
        ? step
        : ({ name: 'read', file, share } as const);

/** Another screen may have kept something else under the same name. */
function isMappedFile(kept: unknown): kept is MappedFile {
    const csv = readProperty(kept, 'csv');
    const isFile = typeof readProperty(readProperty(csv, 'file'), 'slice') === 'function';
    return isFile && Array.isArray(readProperty(csv, 'columns')) && readProperty(kept, 'mapping') instanceof Map;
}

const isUnderWay = (step: ImportStep) => step.name === 'import' && !step.isHalted;

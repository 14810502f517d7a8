import { COUNT, checkIterable, checkRules, FUNCTION, type OptionRules } from '../../bulk/optionRules.js';
import { refuse } from '../../core/options.js';
import type { UseBulkImportOptions } from '../useBulkImport.js';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const RULES: OptionRules<keyof UseBulkImportOptions<never>> = {
    resource: [],
    transform: FUNCTION,
    validate: FUNCTION,
    concurrency: COUNT,
    batchSize: COUNT,
    keyColumn: [['the name of a column', isText]],
    resumeKey: [['a name', isText]],
    rowNumber: FUNCTION,
    meta: [['an object', value => typeof value === 'object' && value !== null]],
};

/**
 * A misspelt `keyColumn` would be found out when rows are in twice.
 *
 * @throws {TypeError | RangeError} naming what is wrong and what it must be
 */
export function checkImport<Row>(options: UseBulkImportOptions<Row>, rows: unknown): void {
    checkRules(options, RULES);
    if (!isText(options.resource)) refuse('resource', 'the name of a resource', options.resource);
    checkIterable('rows', rows);
}

/** A field of the record that a column of the file can fill. */
export interface ImportField {
    /** The name of the field in what `validate` and `transform` get. No path: `address.city` is a name as any other. */
    source: string;
    /** @default the label of the field of the resource, as react-admin's inputs have it */
    label?: string | undefined;
    /** A column must be chosen for it, and rows with an empty cell are not imported. @default false */
    required?: boolean | undefined;
    /** Other names that its column may have. */
    aliases?: readonly string[] | undefined;
}

export type LabelledField = ImportField & { label: string };

/** The place of the column that fills a field, by the field's source. */
export type ColumnMapping = ReadonlyMap<string, number>;

/**
 * Finds the column of each field by its source, label and aliases, whatever their case, accents and punctuation. Each
 * column is given once, and one whose name another column has too is left to the person.
 */
export function matchColumns(columns: readonly string[], fields: readonly LabelledField[]): ColumnMapping {
    const names = columns.map(simplify);
    const mapping = new Map<string, number>();
    const taken = new Set<number>();
    for (const { source, label, aliases = [] } of fields) {
        const column = [source, label, ...aliases]
            .map(simplify)
            .map(name => (name === '' || names.indexOf(name) !== names.lastIndexOf(name) ? -1 : names.indexOf(name)))
            .find(index => index >= 0 && !taken.has(index));
        if (column === undefined) continue;
        mapping.set(source, column);
        taken.add(column);
    }
    return mapping;
}

/** Drops the fields that are gone, and finds the columns of those that were added among what is left. */
export function rematchColumns(
    columns: readonly string[],
    fields: readonly LabelledField[],
    mapping: ColumnMapping,
    added: readonly LabelledField[],
): ColumnMapping {
    const kept = [...mapping].filter(([source]) => fields.some(field => field.source === source));
    const taken = new Set(kept.map(([, column]) => column));
    const found = [...matchColumns(columns, added)].filter(([, column]) => !taken.has(column));
    return new Map([...kept, ...found]);
}

/** A name without what people vary in it. Empty when nothing is left. */
export const simplify = (name: string) =>
    name
        .normalize('NFKD')
        .toLowerCase()
        // Accents of Latin, Greek and Cyrillic letters. The marks of other scripts make other words.
        .replace(/[\u0300-\u036f]|[^\p{L}\p{N}\p{M}]/gu, '');

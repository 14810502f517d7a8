import { read, toText } from '../../core/safely.js';

/** The part that the keys of an import share: 74 random bits in the form of a UUID of version 8 (RFC 9562, 5.8). */
export function createImportId(): string {
    // Neither randomUUID nor digest: browsers have them on secure origins only.
    const bytes = crypto.getRandomValues(new Uint8Array(10));
    const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
    const variant = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant.toString(16)}${hex.slice(18)}`;
}

/** The key of a row: the same whenever the row is sent again. Its last 48 bits are the place of the row. */
export const keyOfRow = (importId: string, index: number): string =>
    `${importId}-${index.toString(16).padStart(12, '0')}`;

/**
 * Whether a record was refused because its own key is in the table: an earlier request got it in. Looks only at what
 * says which column it was: a server may repeat the whole record in its answer.
 */
export function isOwnConflict(error: unknown, key: string, constraint: string): boolean {
    if (read(error, 'status') !== 409) return false;
    const message = toText(read(error, 'message'));
    const details = toText(read(read(error, 'body'), 'details'));
    return details.includes(`(${key})`) || message.includes(key) || message.includes(`"${constraint}"`);
}

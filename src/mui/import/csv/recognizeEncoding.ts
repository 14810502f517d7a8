import type { CsvEncoding } from './readText.js';

/** Which encoding the beginning of a file gives away, if any: UTF-8 and Windows-1252 look alike until a byte differs. */
export const recognizeEncoding = (head: ArrayBuffer): CsvEncoding | undefined =>
    markedEncoding(head) ?? unmarkedUtf16(head);

export const startsWith = (bytes: ArrayBuffer, hex: string) =>
    [...new Uint8Array(bytes.slice(0, hex.length / 2))].map(byte => byte.toString(16).padStart(2, '0')).join('') ===
    hex;

function markedEncoding(head: ArrayBuffer): CsvEncoding | undefined {
    if (startsWith(head, 'efbbbf')) return 'utf-8';
    if (startsWith(head, 'fffe')) return 'utf-16le';
    if (startsWith(head, 'feff')) return 'utf-16be';
    return undefined;
}

/**
 * Without a byte order mark UTF-16 shows in its NUL bytes. Commas, line ends, digits and Latin letters all have one, on the
 * same side, and few other characters have one on the other: even in Chinese.
 */
function unmarkedUtf16(head: ArrayBuffer): CsvEncoding | undefined {
    let even = 0;
    let odd = 0;
    new Uint8Array(head).forEach((byte, index) => {
        if (byte !== 0) return;
        if (index % 2 === 0) even++;
        else odd++;
    });
    // A single one is a stray character, and so are a few in a long file.
    if (Math.max(even, odd) <= Math.max(1, head.byteLength / 40)) return undefined;
    if (odd > even * 5) return 'utf-16le';
    if (even > odd * 5) return 'utf-16be';
    return undefined;
}

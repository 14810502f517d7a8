import { CsvError } from './csvError.js';
import { startsWith } from './recognizeEncoding.js';

/** Small enough that decoding and parsing a chunk is over within a frame. */
const CHUNK_BYTES = 256 * 1024;

/** Ctrl-Z, with which DOS ended files. */
const END_OF_FILE = '\x1A';

export type CsvEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface ReadOptions {
    signal?: AbortSignal | undefined;
    /** Told after each chunk how much of the file has been read, from 0 to 1. */
    onProgress?: ((share: number) => void) | undefined;
    /** @default 256 kB */
    chunkBytes?: number | undefined;
}

/**
 * The text of a file, chunk by chunk: the next is read when the consumer asks for it. Not by Papa Parse, which decodes each
 * chunk by itself and so breaks the characters at their borders.
 *
 * @throws {CsvError} when the file is not text in that encoding, or can no longer be read
 */
export async function* readText(
    file: Blob,
    encoding: CsvEncoding,
    { signal, onProgress, chunkBytes = CHUNK_BYTES }: ReadOptions = {},
): AsyncGenerator<{ text: string; isLast: boolean }> {
    // Windows-1252 has a character for every byte.
    const decoder = new TextDecoder(encoding, { fatal: encoding !== 'windows-1252' });
    for (let start = 0; start < file.size; start += chunkBytes) {
        signal?.throwIfAborted();
        const read = await readBytes(file, start, start + chunkBytes);
        // That of UTF-8, which is broken further down, is none in this encoding. Other decoders leave out their own.
        const hasMark = start === 0 && encoding === 'windows-1252' && startsWith(read, 'efbbbf');
        const bytes = hasMark ? read.slice(3) : read;
        signal?.throwIfAborted();
        const isLast = start + chunkBytes >= file.size;
        const decoded = decode(decoder, bytes, !isLast, encoding);
        const text = isLast && decoded.endsWith(END_OF_FILE) ? decoded.slice(0, -1) : decoded;
        if (text.includes('\0')) throw new CsvError('fileIsBinary');
        yield { text, isLast };
        onProgress?.(isLast ? 1 : (start + chunkBytes) / file.size);
    }
}

export async function readBytes(file: Blob, start: number, end: number): Promise<ArrayBuffer> {
    try {
        return await file.slice(start, end).arrayBuffer();
    } catch (cause) {
        throw new CsvError('fileUnreadable', {}, { cause });
    }
}

function decode(decoder: TextDecoder, bytes: ArrayBuffer, stream: boolean, encoding: CsvEncoding): string {
    try {
        return decoder.decode(bytes, { stream });
    } catch (cause) {
        throw new CsvError('fileEncoding', { encoding: encoding.toUpperCase() }, { cause });
    }
}

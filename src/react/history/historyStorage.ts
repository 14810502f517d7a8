import { read } from '../../core/safely.js';
import { parseEvent, parseMinute, type RateLimitHistory } from './historyEntries.js';

/** What was stored, without anything that is not of a history. Where nothing can be stored, there is nothing. */
export function loadHistory(key: string): RateLimitHistory {
    let stored: unknown;
    try {
        stored = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    } catch {
        // Blocked, or not ours.
    }
    const minutes = parseAll(read(stored, 'minutes'), parseMinute);
    return {
        minutes: [...new Map(minutes.map(minute => [minute.at, minute])).values()],
        events: parseAll(read(stored, 'events'), parseEvent),
    };
}

export function saveHistory(key: string, history: RateLimitHistory): void {
    try {
        sessionStorage.setItem(key, JSON.stringify(history));
    } catch {
        // Blocked, or full: then it does not survive a reload.
    }
}

function parseAll<Entry extends { at: number }>(
    stored: unknown,
    parse: (entry: unknown) => Entry | undefined,
): Entry[] {
    const entries = Array.isArray(stored) ? stored.map(parse).filter(entry => entry !== undefined) : [];
    return entries.sort((a, b) => a.at - b.at);
}

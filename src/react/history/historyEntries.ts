import type { RateLimitEventName } from '../../core/events.js';
import { EVENT_NAMES, type RateLimitStats } from '../../core/monitor.js';
import { read } from '../../core/safely.js';

/** What is counted for each minute. */
export const COUNTED = [
    'calls',
    'retries',
    'rateLimited',
    'exhausted',
    'rejected',
] as const satisfies (keyof RateLimitStats)[];

/** What happened in a minute. The counts mean what those of `getStats()` mean. */
export interface RateLimitMinute extends Pick<RateLimitStats, (typeof COUNTED)[number]> {
    /** The start of the minute, in milliseconds since the epoch. */
    at: number;
}

/** An event of the service, as plain data: no error, no record. */
export interface RateLimitHistoryEvent {
    /** When it happened, in milliseconds since the epoch. */
    at: number;
    type: Exclude<RateLimitEventName, 'success'>;
    resource?: string;
    operation?: string;
    /** Of `retry`: which one it is, from 1. */
    attempt?: number;
    /** Of `retry`: how many there may be. Missing for bulk work, which is sent again until it gets through. */
    maxRetries?: number;
    /** Of `retry`: milliseconds until it leaves. */
    delayMs?: number;
    /** Of `exhausted` and `reject`: how often the call was sent. */
    attempts?: number;
    /** Of `exhausted` and `reject`: milliseconds that the call spent waiting. */
    waitedMs?: number;
    /** Of `pause`: its end, in milliseconds since the epoch. */
    until?: number;
    /** Of `open`: when the circuit lets a call through again, in milliseconds since the epoch. */
    openUntil?: number;
    /** Of `open`: the failed calls that led to it. */
    consecutiveFailures?: number;
}

/** What has happened lately, the oldest first. */
export interface RateLimitHistory {
    /** The minutes of the last hour in which something happened, 60 at most. */
    minutes: readonly RateLimitMinute[];
    /** The last 100 events. A call that succeeds is none. */
    events: readonly RateLimitHistoryEvent[];
}

export const EVENT_TYPES = EVENT_NAMES.filter(name => name !== 'success');

const NAMES = ['resource', 'operation'] as const satisfies (keyof RateLimitHistoryEvent)[];

const NUMBERS = [
    'attempt',
    'maxRetries',
    'delayMs',
    'attempts',
    'waitedMs',
    'until',
    'openUntil',
    'consecutiveFailures',
] as const satisfies (keyof RateLimitHistoryEvent)[];

/** What is longer is no name, and would fill the storage. */
const LONGEST_NAME = 200;

/**
 * Takes the known properties of an event of the service, or of one that was stored, and nothing else: errors stay
 * behind, and so does what JSON cannot hold.
 */
export function toHistoryEvent(at: number, type: RateLimitHistoryEvent['type'], from: unknown): RateLimitHistoryEvent {
    const event: RateLimitHistoryEvent = { at, type };
    for (const name of NAMES) {
        const text = read(from, name);
        if (typeof text === 'string') event[name] = text.slice(0, LONGEST_NAME);
    }
    for (const name of NUMBERS) {
        const number = read(from, name);
        if (isNumber(number)) event[name] = number;
    }
    return event;
}

/** A stored event; nothing when it is none. */
export function parseEvent(stored: unknown): RateLimitHistoryEvent | undefined {
    const at = read(stored, 'at');
    const type = EVENT_TYPES.find(name => name === read(stored, 'type'));
    return isMoment(at) && type ? toHistoryEvent(at, type, stored) : undefined;
}

/** A stored minute; nothing when it is none. */
export function parseMinute(stored: unknown): RateLimitMinute | undefined {
    const at = read(stored, 'at');
    if (!isMoment(at) || at !== startOfMinute(at)) return undefined;
    const minute = emptyMinute(at);
    for (const name of COUNTED) {
        const count = read(stored, name);
        if (!Number.isSafeInteger(count) || (count as number) < 0) return undefined;
        minute[name] = count as number;
    }
    return minute;
}

export const emptyMinute = (at: number): RateLimitMinute => ({
    at,
    calls: 0,
    retries: 0,
    rateLimited: 0,
    exhausted: 0,
    rejected: 0,
});

export const MINUTE_MS = 60_000;

export const startOfMinute = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS;

const isNumber = (value: unknown): value is number => Number.isFinite(value);

/** What a `Date` can be made of. */
const isMoment = (value: unknown): value is number => isNumber(value) && Math.abs(value) <= 8.64e15;

import type { RateLimitStats } from '../../core/monitor.js';
import type { RateLimitService } from '../../core/service.js';
import {
    COUNTED,
    EVENT_TYPES,
    emptyMinute,
    MINUTE_MS,
    type RateLimitHistory,
    type RateLimitHistoryEvent,
    type RateLimitMinute,
    startOfMinute,
    toHistoryEvent,
} from './historyEntries.js';
import { loadHistory, saveHistory } from './historyStorage.js';

const MOST_MINUTES = 60;
const MOST_EVENTS = 100;

/** A flood of events must not be a flood of renders. */
const TELL_MS = 250;

export const NO_HISTORY: RateLimitHistory = { minutes: [], events: [] };

/** Writes down what happens to the calls of a service, for as long as somebody uses it. */
export class HistoryRecorder {
    readonly #service: RateLimitService;
    readonly #storageKey: string;
    readonly #listeners = new Set<() => void>();
    #users = 0;
    #isLoaded = false;
    #minutes: RateLimitMinute[] = [];
    #events: RateLimitHistoryEvent[] = [];
    #history: RateLimitHistory | undefined = NO_HISTORY;
    /** What is in the minutes already; nothing while not recording. */
    #counted: RateLimitStats | undefined;
    #unsubscribe: (() => void)[] = [];
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor(service: RateLimitService, storageKey: string) {
        this.#service = service;
        this.#storageKey = storageKey;
    }

    /** Records until all who called it have called what it returned. */
    readonly record = (): (() => void) => {
        if (this.#users++ === 0) this.#start();
        return () => {
            if (--this.#users === 0) this.#stop();
        };
    };

    /** Records, and calls back when `read` has a new answer, a few times a second at most. */
    readonly subscribe = (listener: () => void): (() => void) => {
        const release = this.record();
        this.#listeners.add(listener);
        return () => {
            this.#listeners.delete(listener);
            release();
        };
    };

    /** The history up to now: the same object until something happens. */
    readonly read = (): RateLimitHistory => {
        this.#count();
        this.#history ??= { minutes: this.#minutes.map(minute => ({ ...minute })), events: [...this.#events] };
        return this.#history;
    };

    #start(): void {
        if (!this.#isLoaded) this.#load();
        // Not from 0: nobody knows in which minutes the calls were made that came before.
        this.#counted = this.#service.getStats();
        this.#unsubscribe = EVENT_TYPES.map(type => this.#service.on(type, event => this.#add(type, event)));
        // Calls that end otherwise are told as changes.
        this.#unsubscribe.push(this.#service.on('success', this.#happened), this.#service.subscribe(this.#happened));
        window.addEventListener('pagehide', this.#save);
        // Of a page that is thrown away in the background, this is the last that is heard.
        document.addEventListener('visibilitychange', this.#save);
    }

    #stop(): void {
        this.#save();
        for (const unsubscribe of this.#unsubscribe) unsubscribe();
        window.removeEventListener('pagehide', this.#save);
        document.removeEventListener('visibilitychange', this.#save);
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#counted = undefined;
    }

    #load(): void {
        const { minutes, events } = loadHistory(this.#storageKey);
        const now = this.#service.now();
        this.#isLoaded = true;
        this.#minutes = [...minutes];
        this.#events = events.filter(({ at }) => at <= now).slice(-MOST_EVENTS);
        this.#history = undefined;
    }

    readonly #save = (): void => saveHistory(this.#storageKey, this.read());

    #add(type: RateLimitHistoryEvent['type'], event: object): void {
        const now = this.#service.now();
        // The clock may have been set back, and they are the oldest first.
        const earlier = this.#events.map(known => (known.at > now ? { ...known, at: now } : known));
        this.#events = [...earlier, toHistoryEvent(now, type, event)].slice(-MOST_EVENTS);
        this.#history = undefined;
        this.#happened();
    }

    readonly #happened = (): void => {
        this.#count();
        if (this.#listeners.size === 0) return;
        this.#timer ??= setTimeout(() => {
            this.#timer = undefined;
            for (const listener of [...this.#listeners]) listener();
        }, TELL_MS);
    };

    /** Adds to this minute what was not counted yet. */
    #count(): void {
        const counted = this.#counted;
        if (!counted) return;
        const stats = this.#service.getStats();
        const at = startOfMinute(this.#service.now());
        const earliest = at - (MOST_MINUTES - 1) * MINUTE_MS;
        // None of the future either: the clock may have been set back.
        const kept = this.#minutes.filter(minute => minute.at >= earliest && minute.at <= at);
        if (kept.length < this.#minutes.length) this.#history = undefined;
        this.#minutes = kept;

        if (COUNTED.every(name => stats[name] === counted[name])) return;
        const last = kept.at(-1);
        const minute = last?.at === at ? last : emptyMinute(at);
        if (minute !== last) kept.push(minute);
        for (const name of COUNTED) minute[name] += stats[name] - counted[name];
        this.#counted = stats;
        this.#history = undefined;
    }
}

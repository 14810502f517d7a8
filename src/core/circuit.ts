import { CircuitBreaker } from './circuitBreaker.js';
import { type Clock, startTimer } from './clock.js';
import type { Monitor } from './monitor.js';
import type { ResolvedOptions } from './options.js';

/** There is no later `Date`. */
const LAST_MOMENT = 8.64e15;

/** The breaker of a service: tells of its changes, and in time that an open period is over. */
export class Circuit extends CircuitBreaker {
    readonly #clock: Clock;
    readonly #monitor: Monitor;
    #timer: unknown;

    constructor(options: ResolvedOptions, monitor: Monitor) {
        super(options.circuitBreakerThreshold, options.maxElapsedMs);
        this.#clock = options.clock;
        this.#monitor = monitor;
    }

    /**
     * To stay open for longer is told to nobody but the snapshot: it is one opening. Tells whether anything has changed, unless
     * a listener has closed it at once.
     */
    override open(now: number, until: number): boolean {
        const openUntil = Math.min(until, LAST_MOMENT);
        const { isOpen, consecutiveFailures } = this.describe(now);
        if (!super.open(now, openUntil)) return false;
        if (isOpen) this.#monitor.changed();
        else {
            const opened = { openUntil, consecutiveFailures };
            const text = `Circuit breaker opened after ${consecutiveFailures} consecutive failures`;
            this.#monitor.log('error', text, opened);
            this.#monitor.emit('open', opened);
        }
        if (this.passesAt !== openUntil) return false;
        this.#awaitHalfOpen(openUntil);
        return true;
    }

    override close(): boolean {
        this.stop();
        const wasOpen = super.close();
        if (wasOpen) this.#monitor.emit('close', {});
        return wasOpen;
    }

    /** Somebody has begun to listen, and may wait for the end of an open period, or has stopped, and nobody may any more. */
    listenersChanged(now: number): void {
        const { openUntil } = this.describe(now);
        if (openUntil) this.#awaitHalfOpen(openUntil);
    }

    /** No longer tells of the end of an open period. */
    stop(): void {
        this.#clock.clearTimeout(this.#timer);
    }

    /** Only if anybody listens: the calls themselves look at the clock. */
    #awaitHalfOpen(openUntil: number): void {
        const leftMs = openUntil - this.#clock.now();
        this.stop();
        if (leftMs <= 0) this.#monitor.emit('halfOpen', {});
        else if (this.#monitor.hears('halfOpen')) {
            this.#timer = startTimer(this.#clock, () => this.#awaitHalfOpen(openUntil), leftMs);
            // A script that has nothing else to do need not stay for the end of the open period.
            (this.#timer as { unref?: () => void } | undefined)?.unref?.();
        }
    }
}

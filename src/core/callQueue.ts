import type { Clock } from './clock.js';

/** Interactive calls go before bulk ones. */
export type CallPriority = 'interactive' | 'bulk';

/** What a call asks for when it waits for its turn. Moments are milliseconds since the epoch. */
export interface TurnRequest<Call> {
    call: Call;
    priority: CallPriority;
    notBefore: number;
    /** The end of the call's patience. */
    deadline: number;
    signal: AbortSignal | undefined;
}

/** Who decides when calls may leave. */
export interface Gate<Call, Pass> {
    /** The moment from which the next call may leave; `Infinity` when only an event can tell. */
    opensAt(now: number): number;
    /** A call leaves at this moment. What it returns is handed to the call. */
    leave(now: number): Pass;
    /** What a call rejects with at its deadline. */
    timeout(call: Call): unknown;
    /** The number of waiting calls changed. */
    changed(): void;
}

interface Waiter<Call, Pass> extends TurnRequest<Call> {
    resolve(pass: Pass): void;
    reject(reason: unknown): void;
}

/** The longest delay that timers can hold. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Calls waiting for their turn, released in order by one timer as the gate opens. */
export class CallQueue<Call, Pass> {
    readonly #clock: Clock;
    readonly #gate: Gate<Call, Pass>;
    readonly #lanes = { interactive: new Set<Waiter<Call, Pass>>(), bulk: new Set<Waiter<Call, Pass>>() };
    #timer: unknown;

    constructor(clock: Clock, gate: Gate<Call, Pass>) {
        this.#clock = clock;
        this.#gate = gate;
    }

    get size(): number {
        return this.#lanes.interactive.size + this.#lanes.bulk.size;
    }

    /** Resolves when it is the call's turn. Rejects with the signal's reason when that aborts first. */
    wait(request: TurnRequest<Call>): Promise<Pass> {
        return new Promise((resolve, reject) => {
            const { signal } = request;
            const abort = () => {
                this.#remove(waiter);
                reject(signal?.reason);
                this.pump();
            };
            const waiter: Waiter<Call, Pass> = {
                ...request,
                resolve: pass => {
                    signal?.removeEventListener('abort', abort);
                    resolve(pass);
                },
                reject: reason => {
                    signal?.removeEventListener('abort', abort);
                    reject(reason);
                },
            };
            signal?.addEventListener('abort', abort, { once: true });
            this.#lanes[request.priority].add(waiter);
            this.#gate.changed();
            this.pump();
        });
    }

    /** Releases whoever may leave now, and sets the timer for the next. Call it when the gate may have moved. */
    pump(): void {
        this.#clock.clearTimeout(this.#timer);
        this.#timer = undefined;
        while (this.size > 0) {
            const now = this.#clock.now();
            const opensAt = this.#gate.opensAt(now);
            const next = opensAt <= now ? this.#first(waiter => waiter.notBefore <= now) : undefined;
            const late = next ?? this.#first(waiter => waiter.deadline <= now);
            if (next) this.#release(next, now);
            else if (late) this.#expire(late);
            else {
                this.#sleep(now, opensAt);
                return;
            }
        }
    }

    /** Lets every waiting call go as soon as the gate is open, whatever backoff it had chosen. */
    hurry(): void {
        for (const waiter of this.#waiters()) waiter.notBefore = 0;
        this.pump();
    }

    /** Ends every wait. */
    rejectAll(reasonFor: (call: Call) => unknown): void {
        const waiters = this.#waiters();
        for (const lane of Object.values(this.#lanes)) lane.clear();
        this.pump();
        if (waiters.length > 0) this.#gate.changed();
        for (const waiter of waiters) waiter.reject(reasonFor(waiter.call));
    }

    #waiters(): Waiter<Call, Pass>[] {
        return [...this.#lanes.interactive, ...this.#lanes.bulk];
    }

    #first(isMeant: (waiter: Waiter<Call, Pass>) => boolean): Waiter<Call, Pass> | undefined {
        for (const lane of [this.#lanes.interactive, this.#lanes.bulk]) {
            for (const waiter of lane) if (isMeant(waiter)) return waiter;
        }
        return undefined;
    }

    /** Outsiders hear of it last: one that aborts another call in answer finds the queue and the gate in order. */
    #release(waiter: Waiter<Call, Pass>, now: number): void {
        this.#lanes[waiter.priority].delete(waiter);
        waiter.resolve(this.#gate.leave(now));
        this.#gate.changed();
    }

    #expire(waiter: Waiter<Call, Pass>): void {
        this.#remove(waiter);
        waiter.reject(this.#gate.timeout(waiter.call));
    }

    #remove(waiter: Waiter<Call, Pass>): void {
        this.#lanes[waiter.priority].delete(waiter);
        this.#gate.changed();
    }

    #sleep(now: number, opensAt: number): void {
        let wakeAt = Number.POSITIVE_INFINITY;
        for (const { deadline, notBefore } of this.#waiters()) {
            wakeAt = Math.min(wakeAt, deadline, Math.max(opensAt, notBefore));
        }
        if (wakeAt < Number.POSITIVE_INFINITY) {
            this.#timer = this.#clock.setTimeout(() => this.pump(), Math.min(wakeAt - now, MAX_TIMEOUT_MS));
        }
    }
}

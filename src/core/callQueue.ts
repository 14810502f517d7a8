import { type Clock, startTimer } from './clock.js';

/** What a call asks for when it waits for its turn. Moments are milliseconds since the epoch. */
export interface TurnRequest<Call> {
    call: Call;
    /** The lowest goes first. Of equals, whoever came first. */
    rank: number;
    notBefore: number;
    /** The end of the call's patience. */
    deadline: number;
    signal: AbortSignal | undefined;
}

/** Who decides when calls may leave. */
export interface Gate<Call, Pass> {
    /** The moment from which this call may leave, if it is the next; `Infinity` when only an event can tell. */
    opensAt(call: Call): number;
    /** A call leaves at this moment. What it returns is handed to the call. */
    leave(now: number): Pass;
    /** What a call rejects with at its deadline. */
    timeout(call: Call): unknown;
    /** A call came to wait, or went: so many more of its kind wait now. */
    changed(call: Call, by: 1 | -1): void;
}

interface Waiter<Call, Pass> extends TurnRequest<Call> {
    resolve(pass: Pass): void;
    reject(reason: unknown): void;
    abort(): void;
}

/** Calls waiting for their turn, released in order by one timer as the gate opens. */
export class CallQueue<Call, Pass> {
    readonly #clock: Clock;
    readonly #gate: Gate<Call, Pass>;
    readonly #waiters = new Set<Waiter<Call, Pass>>();
    #timer: unknown;
    /** The moment for which the timer is set. */
    #wakesAt = Number.POSITIVE_INFINITY;

    constructor(clock: Clock, gate: Gate<Call, Pass>) {
        this.#clock = clock;
        this.#gate = gate;
    }

    get size(): number {
        return this.#waiters.size;
    }

    /** Resolves when it is the call's turn. Rejects with the signal's reason when that aborts first. */
    wait(request: TurnRequest<Call>): Promise<Pass> {
        return new Promise((resolve, reject) => {
            const { signal } = request;
            const abort = () => {
                this.#end(waiter, () => reject(signal?.reason));
                this.pump();
            };
            const waiter = { ...request, resolve, reject, abort };
            signal?.addEventListener('abort', abort);
            this.#waiters.add(waiter);
            this.#gate.changed(request.call, 1);
            // Else the timer will do, unless it is late: to look at all of them for each of thousands would freeze the page.
            const isTimerEnough = this.#wakesAt <= this.#comesUpAt(waiter) && this.#wakesAt > this.#clock.now();
            if (!isTimerEnough) this.pump();
        });
    }

    /** Releases whoever may leave now, and sets the timer for the next. Call it when the gate may have moved. */
    pump(): void {
        for (;;) {
            const now = this.#clock.now();
            const late = this.#first(waiter => waiter.deadline <= now);
            const mayLeave = (waiter: Waiter<Call, Pass>) => this.#leavesAt(waiter) <= now;
            const next = late && mayLeave(late) ? late : this.#first(mayLeave);
            if (next) this.#end(next, () => next.resolve(this.#gate.leave(now)));
            else if (late) this.#end(late, () => late.reject(this.#gate.timeout(late.call)));
            else {
                this.#sleep(now);
                return;
            }
        }
    }

    /** Lets every waiting call go as soon as the gate is open, whatever backoff it had chosen. */
    hurry(): void {
        for (const waiter of this.#waiters) waiter.notBefore = 0;
        this.pump();
    }

    /** Ends the waits of the calls that are meant, with a reason made when the wait has ended. */
    rejectAll(reasonFor: (call: Call) => unknown, isMeant: (call: Call) => boolean | undefined = () => true): void {
        for (const waiter of [...this.#waiters]) {
            if (isMeant(waiter.call)) this.#end(waiter, () => waiter.reject(reasonFor(waiter.call)));
        }
        this.pump();
    }

    #leavesAt({ call, notBefore }: Waiter<Call, Pass>): number {
        return Math.max(this.#gate.opensAt(call), notBefore);
    }

    /** When there is something to do for it. */
    #comesUpAt(waiter: Waiter<Call, Pass>): number {
        return Math.min(waiter.deadline, this.#leavesAt(waiter));
    }

    #first(isMeant: (waiter: Waiter<Call, Pass>) => boolean): Waiter<Call, Pass> | undefined {
        let first: Waiter<Call, Pass> | undefined;
        for (const waiter of this.#waiters) {
            if (!(first && waiter.rank >= first.rank) && isMeant(waiter)) first = waiter;
        }
        return first;
    }

    /** Ends a wait, once: off the queue first, since outsiders who hear of it may abort this call or any other. */
    #end(waiter: Waiter<Call, Pass>, settle: () => void): void {
        if (!this.#waiters.delete(waiter)) return;
        waiter.signal?.removeEventListener('abort', waiter.abort);
        settle();
        this.#gate.changed(waiter.call, -1);
    }

    #sleep(now: number): void {
        this.#clock.clearTimeout(this.#timer);
        this.#wakesAt = Number.POSITIVE_INFINITY;
        for (const waiter of this.#waiters) this.#wakesAt = Math.min(this.#wakesAt, this.#comesUpAt(waiter));
        if (this.#wakesAt < Number.POSITIVE_INFINITY) {
            this.#timer = startTimer(this.#clock, () => this.pump(), this.#wakesAt - now);
        }
    }
}

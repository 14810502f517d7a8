/** The number of the last incident: of all reporters, since their events must not be equal either. */
let latest = 0;

/** What is told of an incident, each once. */
export type IncidentEvent = 'exhausted' | 'circuit-open';

/**
 * Decides which failures are told. An incident begins with the first one. It ends when the circuit closes or, when that
 * has never opened, once nothing has failed for `incidentMs`. It has no timers and is told the time.
 */
export class Incidents {
    readonly #incidentMs: number;
    readonly #told = new Set<IncidentEvent>();
    #number = ++latest;
    #suppressed = 0;
    #hasOpened = false;
    #failedAt = 0;

    constructor(incidentMs: number) {
        this.#incidentMs = incidentMs;
    }

    /**
     * Something failed.
     *
     * @returns the number of the incident, and how many failures were suppressed since the last one that was told;
     * `undefined` when this one is to be suppressed
     */
    add(event: IncidentEvent, now: number): { number: number; suppressed: number } | undefined {
        // A clock that was set back counts as one that moved on: else nothing would be told until it has caught up.
        if (!this.#hasOpened && Math.abs(now - this.#failedAt) >= this.#incidentMs) this.end();
        this.#failedAt = now;
        this.#hasOpened ||= event === 'circuit-open';
        if (this.#told.has(event)) {
            this.suppress();
            return undefined;
        }
        this.#told.add(event);
        const suppressed = this.#suppressed;
        this.#suppressed = 0;
        return { number: this.#number, suppressed };
    }

    /** Something failed that is never told, only counted. */
    suppress(): void {
        this.#suppressed++;
    }

    end(): void {
        this.#told.clear();
        this.#hasOpened = false;
        this.#number = ++latest;
    }
}

import type { Row } from '../server.ts';

/** An import that a strategy has to do. */
export interface Job {
    /** Ends, or goes on until the job's time is up. */
    rows: Iterable<Row>;
    fetch: typeof fetch;
    url: string;
    /** Rows under way at the same time, for strategies that limit them. */
    concurrency: number;
    /** Aborts when the job's time is up: no further row should leave. */
    signal: AbortSignal;
    random: () => number;
}

/** What the strategy says has become of the rows. */
export interface Outcome {
    succeeded: number;
    failed: number;
}

export interface Strategy {
    name: string;
    /** Whether it starts all rows at once, so that there must be an end of them. */
    isForFiniteJobs?: boolean;
    run(job: Job): Promise<Outcome>;
}

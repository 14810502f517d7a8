import type { Row } from '../server.ts';
import type { Job, Outcome } from './strategy.ts';

/** So many loops, each of which sends one row after another: a pool of workers. What rejects is a lost row. */
export async function inLoops(
    { rows, concurrency, signal }: Job,
    send: (row: Row) => Promise<unknown>,
): Promise<Outcome> {
    const outcome = { succeeded: 0, failed: 0 };
    const iterator = rows[Symbol.iterator]();
    const loop = async () => {
        for (let next = iterator.next(); !next.done && !signal.aborted; next = iterator.next()) {
            await send(next.value).then(
                () => outcome.succeeded++,
                () => outcome.failed++,
            );
        }
    };
    await Promise.all(Array.from({ length: concurrency }, loop));
    return outcome;
}

export const countSettled = (settled: PromiseSettledResult<unknown>[]): Outcome => {
    const succeeded = settled.filter(({ status }) => status === 'fulfilled').length;
    return { succeeded, failed: settled.length - succeeded };
};

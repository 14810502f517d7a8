import fc from 'fast-check';
import { HttpError } from 'ra-core';
import type { CircuitStatus, RateLimitService } from 'ra-rate-limit';
import { expect, test } from 'vitest';
import { createService } from '../support/createService';
import { heldCall, refusal, rejectionOf } from '../support/scriptedCalls';
import type { VirtualClock } from '../support/virtualClock';

/**
 * The state machine of the circuit against a model small enough to be seen to be right: whatever is called, answered,
 * refused, aborted or reset in whatever order, the service is in the state of the model, sends one probe at most, and
 * sends nothing while the circuit is open.
 */

const THRESHOLD = 2;
const RESET_MS = 60_000;
const PROBE_MS = 30_000;
const OPEN = { code: 'RATE_LIMIT_CIRCUIT_OPEN' };
const EXHAUSTED = { code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED' };

interface Model {
    status: CircuitStatus;
    consecutiveFailures: number;
    openUntil: number;
    /** When the probe in flight loses the floor. */
    probeExpiresAt: number | undefined;
    /** Calls that wait for the outcome of the probe. */
    waiting: number;
}

interface Waiting {
    outcome: Promise<unknown>;
    controller: AbortController;
}

class Real {
    readonly service: RateLimitService;
    readonly clock: VirtualClock;
    probe: (ReturnType<typeof heldCall> & { outcome: Promise<unknown>; controller: AbortController }) | undefined;
    waiting: Waiting[] = [];
    #inFlight = 0;

    constructor() {
        const { service, clock } = createService({
            maxRetries: 1,
            circuitBreakerThreshold: THRESHOLD,
            circuitResetMs: RESET_MS,
            maxElapsedMs: Number.POSITIVE_INFINITY,
        });
        this.service = service;
        this.clock = clock;
    }

    /** An operation that looks, when it is sent, whether it may be. */
    watched<T>(answer: () => Promise<T>): () => Promise<T> {
        return async () => {
            const { status } = this.service.getCircuitState();
            expect(status).not.toBe('open');
            if (status === 'half-open') expect(this.#inFlight).toBe(0);
            this.#inFlight++;
            try {
                return await answer();
            } finally {
                this.#inFlight--;
            }
        };
    }

    call(answer: () => Promise<unknown>): Promise<unknown> {
        return this.clock.resolve(this.service.executeWithRetry(this.watched(answer)));
    }

    async outcomesOfWaiting(): Promise<unknown[]> {
        const outcomes = this.clock.resolve(Promise.all(this.waiting.map(({ outcome }) => outcome)));
        this.waiting = [];
        return outcomes;
    }
}

type Command = fc.AsyncCommand<Model, Real>;

const isFree = ({ status, probeExpiresAt }: Model) => status !== 'half-open' || probeExpiresAt === undefined;

function expectSameState({ status, consecutiveFailures, waiting }: Model, { service, clock }: Real) {
    const state = service.getCircuitState();
    expect({ status: state.status, consecutiveFailures: state.consecutiveFailures }).toEqual({
        status,
        consecutiveFailures,
    });
    expect(state.isOpen).toBe(status === 'open');
    expect(service.getStats().waiting).toBe(waiting);
    expect(service.getSnapshot()).toEqual({
        ...(({ timeSinceLastFailure: _, ...rest }) => rest)(state),
        waiting,
        waitingBulk: 0,
        waitingReads: 0,
        pausedUntil: null,
    });
    // One timer for the end of the open period, one for all that wait, none for a healthy service.
    expect(clock.pendingTimers).toBe(Number(status === 'open') + Number(waiting > 0));
}

function command(name: string, check: (model: Model) => boolean, run: (model: Model, real: Real) => Promise<void>) {
    return (): Command => ({
        check,
        toString: () => name,
        run: async (model, real) => {
            await run(model, real);
            expectSameState(model, real);
        },
    });
}

const open = (model: Model, real: Real) => {
    model.status = 'open';
    model.openUntil = real.clock.now() + RESET_MS;
    model.probeExpiresAt = undefined;
    model.waiting = 0;
};
const close = (model: Model) => {
    model.status = 'closed';
    model.consecutiveFailures = 0;
    model.probeExpiresAt = undefined;
    model.waiting = 0;
};

const callSucceeds = command('call succeeds', isFree, async (model, real) => {
    const outcome = real.call(async () => 'saved');
    if (model.status === 'open') await expect(outcome).rejects.toMatchObject(OPEN);
    else {
        await expect(outcome).resolves.toBe('saved');
        close(model);
    }
});

const callFailsOfItself = command('call rejects with an error of its own', isFree, async (model, real) => {
    const conflict = new HttpError('Conflict', 409);
    const outcome = real.call(() => Promise.reject(conflict));
    if (model.status === 'open') await expect(outcome).rejects.toMatchObject(OPEN);
    else {
        await expect(outcome).rejects.toBe(conflict);
        close(model);
    }
});

const callIsRefused = command('call is refused until it fails', isFree, async (model, real) => {
    let attempts = 0;
    const error = await real
        .call(async () => {
            attempts++;
            throw refusal();
        })
        .catch((reason: unknown) => reason);
    if (model.status === 'open') {
        expect(error).toMatchObject(OPEN);
        expect(attempts).toBe(0);
        return;
    }
    expect(attempts).toBe(model.status === 'half-open' ? 1 : 2);
    model.consecutiveFailures++;
    const opens = model.status === 'half-open' || model.consecutiveFailures >= THRESHOLD;
    expect(error).toMatchObject(opens ? OPEN : EXHAUSTED);
    if (opens) open(model, real);
});

const callIsRefusedOnce = command(
    'call is refused once',
    model => model.status === 'closed',
    async (model, real) => {
        let attempts = 0;
        const outcome = real.call(async () => {
            if (++attempts === 1) throw refusal();
            return 'saved';
        });
        await expect(outcome).resolves.toBe('saved');
        close(model);
    },
);

const callIsAborted = command(
    'call is aborted before it is sent',
    () => true,
    async (_, real) => {
        const call = heldCall();
        const outcome = real.service.executeWithRetry(call, { signal: AbortSignal.abort('gone') });
        await expect(rejectionOf(outcome)).resolves.toBe('gone');
        expect(call).not.toHaveBeenCalled();
    },
);

const retryIsAborted = command(
    'call is aborted while it waits for its retry',
    model => model.status === 'closed',
    async (_, real) => {
        const controller = new AbortController();
        const outcome = rejectionOf(
            real.service.executeWithRetry(
                real.watched(() => Promise.reject(refusal())),
                { signal: controller.signal },
            ),
        );
        await real.clock.advance(10);
        controller.abort('gone');
        await expect(outcome).resolves.toBe('gone');
    },
);

const probeStarts = command(
    'probe starts',
    model => model.status === 'half-open' && model.probeExpiresAt === undefined,
    async (model, real) => {
        const probe = heldCall();
        const controller = new AbortController();
        const outcome = real.service
            .executeWithRetry(real.watched(probe), { signal: controller.signal })
            .catch((reason: unknown) => reason);
        await real.clock.advance(0);
        expect(probe).toHaveBeenCalledTimes(1);
        real.probe = Object.assign(probe, { outcome, controller });
        model.probeExpiresAt = real.clock.now() + PROBE_MS;
    },
);

const callWaitsForProbe = command(
    'call waits for the probe',
    model => model.probeExpiresAt !== undefined && model.waiting < 3,
    async (model, real) => {
        const controller = new AbortController();
        const outcome = real.service
            .executeWithRetry(
                real.watched(async () => 'saved'),
                { signal: controller.signal },
            )
            .catch((reason: unknown) => reason);
        real.waiting.push({ outcome, controller });
        model.waiting++;
        await real.clock.advance(0);
    },
);

const waitingIsAborted = command(
    'waiting call is aborted',
    model => model.waiting > 0,
    async (model, real) => {
        const aborted = real.waiting.shift();
        aborted?.controller.abort('gone');
        await expect(aborted?.outcome).resolves.toBe('gone');
        model.waiting--;
    },
);

const hasProbe = (model: Model) => model.probeExpiresAt !== undefined;

const probeSucceeds = command('probe answers', hasProbe, async (model, real) => {
    real.probe?.resolve('probed');
    await expect(real.probe?.outcome).resolves.toBe('probed');
    close(model);
    for (const outcome of await real.outcomesOfWaiting()) expect(outcome).toBe('saved');
});

const probeIsRefused = command('probe is refused', hasProbe, async (model, real) => {
    real.probe?.reject(refusal());
    await expect(real.probe?.outcome).resolves.toMatchObject({ ...OPEN, attempts: 1 });
    model.consecutiveFailures++;
    open(model, real);
    for (const outcome of await real.outcomesOfWaiting()) expect(outcome).toMatchObject({ ...OPEN, attempts: 0 });
});

const probeIsAborted = command('probe is aborted', hasProbe, async (model, real) => {
    real.probe?.controller.abort('gone');
    real.probe?.reject('gone');
    await expect(real.probe?.outcome).resolves.toBe('gone');
    if (model.waiting > 0) close(model); // the next one probed instead, and was answered
    model.probeExpiresAt = undefined;
    for (const outcome of await real.outcomesOfWaiting()) expect(outcome).toBe('saved');
});

const circuitIsReset = command(
    'circuit is reset',
    () => true,
    async (model, real) => {
        const hadProbe = hasProbe(model);
        real.service.resetCircuit();
        close(model);
        for (const outcome of await real.outcomesOfWaiting()) expect(outcome).toBe('saved');
        if (!hadProbe) return;
        real.probe?.resolve('late');
        await expect(real.probe?.outcome).resolves.toBe('late');
    },
);

const openPeriodEnds = command(
    'open period ends',
    model => model.status === 'open',
    async (model, real) => {
        await real.clock.advance(model.openUntil - real.clock.now() - 1);
        expectSameState(model, real);
        await real.clock.advance(1);
        model.status = 'half-open';
    },
);

const timePasses = (ms: number): Command => ({
    // What happens when a probe loses the floor has a test of its own.
    check: () => true,
    toString: () => `${ms} ms pass`,
    run: async (model, real) => {
        const room = model.probeExpiresAt === undefined ? ms : model.probeExpiresAt - real.clock.now() - 1;
        await real.clock.advance(Math.min(ms, room));
        if (model.status === 'open' && real.clock.now() >= model.openUntil) model.status = 'half-open';
        expectSameState(model, real);
    },
});

test('in any order of events the service is in the state of the model', async () => {
    // Those that lead towards a half-open circuit come up more often: it takes several in a row to get there.
    const commands = [
        ...[callSucceeds, callFailsOfItself, callIsRefusedOnce, callIsAborted, retryIsAborted, circuitIsReset],
        ...Array.from({ length: 12 }, () => callIsRefused),
        ...Array.from({ length: 8 }, () => openPeriodEnds),
        ...Array.from({ length: 8 }, () => probeStarts),
        ...[callWaitsForProbe, callWaitsForProbe, callWaitsForProbe, waitingIsAborted],
        ...[probeSucceeds, probeIsRefused, probeIsAborted],
    ].map(create => fc.constant(create()));
    const time = fc.oneof(fc.constant(RESET_MS), fc.constant(RESET_MS - 1), fc.integer({ min: 0, max: RESET_MS }));
    await fc.assert(
        fc.asyncProperty(
            fc.commands([...commands, time.map(timePasses), time.map(timePasses)], { maxCommands: 60, size: 'max' }),
            async sequence => {
                const setup = () => ({
                    model: {
                        status: 'closed' as const,
                        consecutiveFailures: 0,
                        openUntil: 0,
                        probeExpiresAt: undefined,
                        waiting: 0,
                    },
                    real: new Real(),
                });
                await fc.asyncModelRun(setup, sequence);
            },
        ),
        { numRuns: 150 },
    );
}, 30_000);

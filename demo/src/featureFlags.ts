/** Where a flag is kept. */
export interface FlagStore {
    /** How many people of a hundred are in. */
    read(): Promise<unknown>;
    write(percent: number): Promise<void>;
}

/** A feature that a share of the people have. */
export interface FeatureFlag {
    /** How many of a hundred, as was last read. 100 as long as nothing has been read. */
    percent(): number;
    set(percent: number): Promise<void>;
    subscribe(listener: () => void): () => void;
    /** Reads the flag now, each minute, and whenever somebody comes back to the page. Returns what ends it. */
    watch(page?: Page): () => void;
}

type Page = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;

const READ_EVERY_MS = 60_000;

export function createFeatureFlag({ read, write }: FlagStore): FeatureFlag {
    let percent = 100;
    /** Rises with each question and each change: an answer to an earlier question is out of date. */
    let turn = 0;
    const listeners = new Set<() => void>();

    const take = (value: number) => {
        turn++;
        if (value === percent) return;
        percent = value;
        for (const listener of listeners) listener();
    };

    const refresh = async () => {
        const own = ++turn;
        // Unreachable: what was known last is better than nothing.
        const value = await read().catch(() => undefined);
        if (own === turn && isPercent(value)) take(value);
    };

    return {
        percent: () => percent,
        set: async value => {
            take(value); // shown at once
            try {
                await write(value);
            } catch (error) {
                await refresh();
                throw error;
            }
        },
        subscribe: listener => {
            listeners.add(listener);
            return () => void listeners.delete(listener);
        },
        watch: (page = document) => {
            void refresh();
            const timer = setInterval(refresh, READ_EVERY_MS);
            const onVisible = () => page.visibilityState === 'visible' && void refresh();
            page.addEventListener('visibilitychange', onVisible);
            return () => {
                clearInterval(timer);
                page.removeEventListener('visibilitychange', onVisible);
            };
        },
    };
}

const isPercent = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 100;

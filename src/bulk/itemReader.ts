/** An item with its place among all, from 0. */
export interface Numbered<Item> {
    readonly index: number;
    readonly item: Item;
}

/** Hands out the items of an iterable in order, to several readers, and no sooner than they ask. */
export class ItemReader<Item> {
    readonly #iterator: Iterator<Item> | AsyncIterator<Item>;
    #count = 0;
    #isDone = false;
    #failure: { error: unknown } | undefined;
    /** Iterators need not bear two reads at a time. */
    #last: Promise<unknown> = Promise.resolve();
    /** Ends a read that is under way for whoever waits for it. */
    readonly #giveUps = new Set<() => void>();
    #isAbandoned = false;

    constructor(items: Iterable<Item> | AsyncIterable<Item>) {
        this.#iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    }

    /** How many items were handed out. */
    get count(): number {
        return this.#count;
    }

    /** The next items, up to `size`; none at the end. Rejects once when reading fails, and has no more afterwards. */
    take(size: number): Promise<Numbered<Item>[]> {
        const taken = this.#last.then(() => this.#read(size));
        this.#last = taken.catch(() => {});
        return new Promise((resolve, reject) => {
            const giveUp = () => resolve([]);
            this.#giveUps.add(giveUp);
            taken.then(resolve, reject).finally(() => this.#giveUps.delete(giveUp));
        });
    }

    /** Nothing more is wanted: who waits for items gets none. */
    abandon(): void {
        this.#isAbandoned = true;
        for (const giveUp of this.#giveUps) giveUp();
    }

    /** Nothing more will be read, and whoever took items has them: a generator may clean up. */
    async close(): Promise<void> {
        if (this.#isDone) return;
        this.#isDone = true;
        const closed = (async () => this.#iterator.return?.())();
        // A generator that waits for something does not clean up before that has come, if ever.
        if (this.#isAbandoned) closed.catch(() => {});
        else await closed;
    }

    async #read(size: number): Promise<Numbered<Item>[]> {
        const taken: Numbered<Item>[] = [];
        try {
            while (taken.length < size && !this.#isDone) {
                const step = this.#iterator.next();
                const { done, value } = 'then' in step ? await step : step;
                if (done) this.#isDone = true;
                else taken.push({ index: this.#count++, item: value });
            }
        } catch (error) {
            this.#isDone = true;
            this.#failure = { error };
        }
        // What was read before a failure is not lost: the next to ask hears of it.
        const failure = this.#failure;
        if (!failure || taken.length > 0) return taken;
        this.#failure = undefined;
        throw failure.error;
    }
}

/** The time that a request may take, so that a limit that counts requests is used well, and a failure costs little. */
const TARGET_MS = 1000;
const FIRST_SIZE = 100;

/**
 * How many items a batch has: more while requests are quick, fewer when they take longer than about a second or fail.
 * Bad items one in n settle it near the size at which half of the batches are good.
 */
export class BatchSizer {
    readonly #allowed: number;
    #most: number;
    #size: number;

    constructor(allowed: number) {
        this.#allowed = this.#most = allowed;
        this.#size = Math.min(allowed, FIRST_SIZE);
    }

    /** No batch may have more: what the caller allows, or less where the server has found larger ones too large. */
    get most(): number {
        return this.#most;
    }

    get size(): number {
        return this.#size;
    }

    /** @param hasWaited the time may have been spent with waiting for the server */
    succeeded(size: number, tookMs: number, hasWaited = false): void {
        const fitting = Math.max(1, Math.min(size * 2, Math.floor((size * TARGET_MS) / Math.max(tookMs, 1))));
        if (tookMs > TARGET_MS) this.#size = hasWaited ? this.#size : Math.min(this.#size, fitting);
        // A smaller batch, the last or a half, does not tell what a larger one would take.
        else if (size >= this.#size) this.#size = Math.min(this.#most, fitting);
    }

    /** @param isTooLarge the server takes no batch of this size, whatever is in it */
    failed(size: number, isTooLarge: boolean): void {
        const half = Math.max(1, Math.floor(size / 2));
        // An item that is too large by itself is what was wrong with the batches that it was in.
        if (isTooLarge) this.#most = size > 1 ? Math.min(this.#most, half) : this.#allowed;
        this.#size = Math.min(this.#size, half);
    }
}

/** From the first number, up to but without the second. */
export type RowRange = readonly [from: number, to: number];

/** The places of rows, kept as ranges: rows end nearly in order, so a million of them are a handful of ranges. */
export class ImportRanges {
    readonly #ranges: RowRange[];

    constructor(ranges: readonly RowRange[] = []) {
        this.#ranges = [...ranges];
    }

    /** How many places there are. */
    get size(): number {
        return this.#ranges.reduce((sum, [from, to]) => sum + to - from, 0);
    }

    has(place: number): boolean {
        const range = this.#ranges[this.#at(place)];
        return range !== undefined && place < range[1];
    }

    add(place: number): void {
        if (this.has(place)) return;
        const at = this.#at(place);
        const before = this.#ranges[at];
        const after = this.#ranges[at + 1];
        const joined = before?.[1] === place ? before : undefined;
        const joining = after?.[0] === place + 1 ? after : undefined;
        const start = joined ? at : at + 1;
        this.#ranges.splice(start, Number(!!joined) + Number(!!joining), [
            joined?.[0] ?? place,
            joining?.[1] ?? place + 1,
        ]);
    }

    /** These places and others. */
    with(places: Iterable<number>): ImportRanges {
        const all = new ImportRanges(this.#ranges);
        for (const place of places) all.add(place);
        return all;
    }

    toArray(): RowRange[] {
        return [...this.#ranges];
    }

    /** The last range that begins at this place or before it, -1 for none. */
    #at(place: number): number {
        return this.#ranges.findLastIndex(([from]) => from <= place);
    }
}

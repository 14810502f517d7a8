/** Chance that is the same in every run (Park and Miller's generator). */
export function createChance(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state * 48_271) % 2_147_483_647;
        return state / 2_147_483_647;
    };
}

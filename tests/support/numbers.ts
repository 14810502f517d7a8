/** As many items: 0, 1, 2 and so on. */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

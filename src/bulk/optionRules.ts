import { checkNames, refuse } from '../core/options.js';

/** What an option must be when it is given. */
type OptionRule = readonly [must: string, isMet: (value: unknown) => boolean, ErrorClass?: typeof RangeError];

export type OptionRules<Name extends string = string> = Record<Name, readonly OptionRule[]>;

export const FUNCTION: readonly OptionRule[] = [['a function', value => typeof value === 'function']];

export const NUMBER: OptionRule = ['a number', value => typeof value === 'number'];

export const COUNT: readonly OptionRule[] = [
    NUMBER,
    ['an integer of 1 or more', value => Number.isSafeInteger(value) && (value as number) >= 1, RangeError],
];

/** @throws {TypeError | RangeError} naming the first option that there is not, or that is not what it must be */
export function checkRules(options: object, rules: OptionRules): void {
    checkNames(options, Object.keys(rules));
    const given: Record<string, unknown> = { ...options };
    for (const [name, musts] of Object.entries(rules)) {
        const value = given[name];
        const broken = value === undefined ? undefined : musts.find(([, isMet]) => !isMet(value));
        if (broken) refuse(name, broken[0], value, broken[2]);
    }
}

/** @throws {TypeError} when there is nothing to go through */
export function checkIterable(name: string, items: unknown): void {
    const isIterable =
        typeof items === 'object' && items !== null && (Symbol.iterator in items || Symbol.asyncIterator in items);
    if (!isIterable) refuse(name, 'an iterable or async iterable', items);
}

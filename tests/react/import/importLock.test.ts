import { afterEach, expect, test } from 'vitest';
import { endOfRun, isLocked, letGo } from '../../../src/react/import/importLock';
import { heldCall } from '../../support/scriptedCalls';

const stubLocks = (state: object) =>
    Object.defineProperty(navigator, 'locks', { value: { query: async () => state }, configurable: true });

afterEach(() => void Reflect.deleteProperty(navigator, 'locks'));

test.each([
    [true, 'it is one of several that are held', { held: [{ name: 'other' }, { name: 'ra-rate-limit: contacts' }] }],
    [false, 'others are held', { held: [{ name: 'other' }, { name: 'ra-rate-limit: companies' }] }],
    [false, 'the browser tells nothing', {}],
])('a name is locked: %s, where %s', async (expected, _, state) => {
    stubLocks(state);

    await expect(isLocked('contacts')).resolves.toBe(expected);
});

test('of two runs that were let go under a name, the end of the later one is waited for', async () => {
    const [first, second] = [heldCall(), heldCall()];
    letGo('contacts', first());
    letGo('contacts', second());
    first.reject(new Error('not read'));
    await new Promise(setImmediate);
    let hasEnded = false;
    const end = endOfRun('contacts').then(() => {
        hasEnded = true;
    });

    await new Promise(setImmediate);

    expect(hasEnded).toBe(false);
    second.resolve(undefined);
    await end;
});

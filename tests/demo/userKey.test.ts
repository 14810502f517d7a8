import { afterEach, expect, test, vi } from 'vitest';
import { userKey } from '../../demo/src/userKey.ts';

/** A browser with nothing stored. */
function openBrowser(): void {
    const stored = new Map<string, string>();
    vi.stubGlobal('localStorage', {
        getItem: (name: string) => stored.get(name) ?? null,
        setItem: (name: string, value: string) => stored.set(name, value),
    });
}

afterEach(() => void vi.unstubAllGlobals());

test('a browser keeps its key, and another one has another', () => {
    openBrowser();
    const key = userKey();
    expect(userKey()).toBe(key);

    openBrowser();
    expect(userKey()).not.toBe(key);
});

test('a browser that stores nothing has a key all the same', () => {
    const refuse = () => {
        throw new DOMException('The operation is insecure', 'SecurityError');
    };
    vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse });

    expect(userKey()).toMatch(/^[\d-]+$/);
});

const STORED_AS = 'demo.userKey';

/** Who this is, for lack of a sign-in: the same for as long as the browser keeps what pages store. */
export function userKey(): string {
    try {
        const known = localStorage.getItem(STORED_AS);
        if (known) return known;
        const key = createKey();
        localStorage.setItem(STORED_AS, key);
        return key;
    } catch {
        return createKey(); // a browser that stores nothing: another person with each page
    }
}

/** Not randomUUID, which browsers have on secure origins only. */
const createKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

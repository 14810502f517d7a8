export interface Limits {
    /** Writes a second. */
    rate: number;
    burst: number;
    overloaded?: boolean;
}

export const RELAXED: Limits = { rate: 1000, burst: 1000 };
export const OVERLOADED: Limits = { ...RELAXED, overloaded: true };

/** The API of the demo's Supabase, used by the tests past the admin. */
export interface Server {
    /** Sets the rate limit in the database, and fills the bucket. */
    setLimits(limits: Limits): Promise<void>;
    /** Sets the feature flag: how many people of a hundred have withRateLimit. */
    setRollout(percent: number): Promise<void>;
    /** Sets a limit whose bucket is empty, so that the next write is refused. */
    drain(limits: Limits): Promise<void>;
    /** Reads rows, for example `contacts?id=eq.1`. */
    read<Row>(query: string): Promise<Row[]>;
}

export function connect(url: string): Server {
    const send = (method: string, target: string, body?: object): Promise<Response> =>
        fetch(`${url}/rest/v1/${target}`, {
            method,
            headers: { apikey: 'any', 'content-type': 'application/json' },
            ...(body && { body: JSON.stringify(body) }),
        });

    const setRollout = async (percent: number): Promise<void> => {
        const response = await send('PATCH', 'feature_flags?name=eq.rate_limit', { percent });
        if (!response.ok) throw new Error(`The flag was not set: ${await response.text()}`);
    };

    const setLimits = async (limits: Limits): Promise<void> => {
        const response = await send('POST', 'rpc/set_server_limits', limits);
        if (!response.ok) throw new Error(`The limits were not set: ${await response.text()}`);
    };

    return {
        setLimits,
        setRollout,
        drain: async limits => {
            await setLimits(limits);
            for (let left = limits.burst; left >= 0; left--) {
                const { status } = await send('PATCH', 'tags?id=eq.10', { name: 'Do not call' }); // its name already
                if (status === 429) return;
            }
            throw new Error(`The server did not refuse the write after the first ${limits.burst}`);
        },
        read: async query => {
            const response = await send('GET', query);
            if (!response.ok) throw new Error(`${query} could not be read: ${await response.text()}`);
            return response.json();
        },
    };
}

/**
 * Supabase Lite prints every database error in full. A refusal of the rate limiter is no error here but the point of
 * the demo, so one line of it is enough.
 */
export function shortenRefusals(): void {
    const print = console.error;
    console.error = (...values: unknown[]) => {
        const refusal = values.map(readRefusal).find(text => text !== undefined);
        if (refusal) console.info(`429 ${refusal}`);
        else print(...values);
    };
}

function readRefusal(value: unknown): string | undefined {
    if (!(value instanceof Error) || !('code' in value) || value.code !== 'PGRST') return undefined;
    try {
        const { code, message, details } = JSON.parse(value.message);
        return code === '429' ? `${message} ${details}` : undefined;
    } catch {
        return undefined;
    }
}

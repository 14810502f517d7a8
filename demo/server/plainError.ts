/** An error without a stack: Vite prints stacks, and they say nothing to who has to correct a setting. */
export function plainError(message: string): Error {
    const error = new Error(message);
    error.stack = message;
    return error;
}

import { HttpError } from 'react-admin';
import { supabaseClient } from './supabase';

/**
 * Calls a function of the database. `supabaseClient.rpc` resolves with its error beside the status; this throws what
 * react-admin's data providers throw, so that a refusal is told from other errors by its status.
 */
export async function callRpc<Result>(
    name: string,
    args: Record<string, unknown> = {},
    signal?: AbortSignal,
): Promise<Result> {
    const call = supabaseClient.rpc(name, args);
    const { data, error, status } = await (signal ? call.abortSignal(signal) : call);
    if (error) signal?.throwIfAborted();
    if (error) throw new HttpError(error.message, status, error);
    return data as Result;
}

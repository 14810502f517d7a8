import type { ConsumerProject } from '../support/consumerProject.ts';
import type { Tools } from '../support/tools.ts';

/**
 * Does something, which gives back what is worth printing, and says how it went. What fails keeps nothing else from being tried.
 *
 * @returns whether it succeeded
 */
export type Attempt = (name: string, action: () => Promise<string>) => Promise<boolean>;

export type Check = (project: ConsumerProject, tools: Tools, attempt: Attempt) => Promise<void>;

export { type ReportToSentryOptions, reportToSentry } from './reportToSentry.js';
export type { SentryEvent, SentryScope, SentrySdk } from './sentrySdk.js';

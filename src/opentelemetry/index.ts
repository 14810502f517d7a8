export { type ReportToOpenTelemetryOptions, reportToOpenTelemetry } from './reportToOpenTelemetry.js';

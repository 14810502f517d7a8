import type { Attributes } from '@opentelemetry/api';
import type { CallNames } from '../core/call.js';

/** The attributes, after the rules for names of the OpenTelemetry semantic conventions: a namespace, then a property. */
export const NAME = 'ra_rate_limit.name';
const RESOURCE = 'ra_rate_limit.resource';
const OPERATION = 'ra_rate_limit.operation';
export const OUTCOME = 'ra_rate_limit.outcome';
export const PRIORITY = 'ra_rate_limit.priority';
export const CIRCUIT_STATE = 'ra_rate_limit.circuit.state';

/** @param common what is told of everything that the service reports */
export const attributesOf = ({ resource, operation }: CallNames, common: Attributes): Attributes => ({
    ...common,
    ...(resource !== undefined && { [RESOURCE]: resource }),
    ...(operation !== undefined && { [OPERATION]: operation }),
});

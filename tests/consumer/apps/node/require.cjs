const { NAMES, checkEntries } = require('./entries.cjs');
const { HttpError } = require('ra-core');

checkEntries(Object.fromEntries(NAMES.map(name => [name, require(name.replace('.', 'ra-rate-limit'))])), {
    HttpError,
    opentelemetry: require('@opentelemetry/api'),
    sentry: require('@sentry/react'),
});

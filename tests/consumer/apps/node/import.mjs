import { createRequire } from 'node:module';
import * as opentelemetryApi from '@opentelemetry/api';
import * as sentrySdk from '@sentry/react';
import { HttpError } from 'ra-core';
import * as core from 'ra-rate-limit';
import * as i18n from 'ra-rate-limit/i18n';
import * as mui from 'ra-rate-limit/mui';
import * as opentelemetry from 'ra-rate-limit/opentelemetry';
import * as react from 'ra-rate-limit/react';
import * as sentry from 'ra-rate-limit/sentry';
import * as supabase from 'ra-rate-limit/supabase';
import * as testing from 'ra-rate-limit/testing';
import entries from './entries.cjs';

await entries.checkEntries(
    {
        '.': core,
        './react': react,
        './mui': mui,
        './supabase': supabase,
        './sentry': sentry,
        './opentelemetry': opentelemetry,
        './testing': testing,
        './i18n': i18n,
    },
    { HttpError, opentelemetry: opentelemetryApi, sentry: sentrySdk },
);

// An app that comes by the package in both ways has two copies of it.
const require = createRequire(import.meta.url);
await entries.checkCopies(core, require('ra-rate-limit'));
await entries.checkCopies(require('ra-rate-limit'), core);

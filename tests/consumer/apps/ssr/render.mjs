/** A page rendered on a server, as Next.js, Remix and the like do it: no window, no document. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createTheme, ThemeProvider } from '@mui/material';
import { RateLimitService, withRateLimit } from 'ra-rate-limit';
import { RateLimitBanner, RateLimitDashboard } from 'ra-rate-limit/mui';
import { RateLimitContextProvider, useRateLimitState } from 'ra-rate-limit/react';
import { createElement } from 'react';
import { AdminContext, DataProviderContext, testDataProvider } from 'react-admin';
import { renderToString } from 'react-dom/server';
import { MemoryRouter } from 'react-router-dom';

assert.equal(typeof window, 'undefined');
assert.equal(typeof document, 'undefined');

const complaints = [];
console.error = (...args) => complaints.push(args.join(' '));

const service = new RateLimitService({ logger: false });
const State = () => {
    const { status, waiting, retryInMs } = useRateLimitState();
    return createElement('p', null, `${status}, ${waiting} waiting, ${retryInMs}`);
};

const html = renderToString(createElement(RateLimitContextProvider, { service }, createElement(State)));
assert.equal(html, '<p>closed, 0 waiting, null</p>');

const dataProvider = withRateLimit(testDataProvider(), { service });

/** The copy of it that react-admin takes, which was CommonJS for long. */
const { QueryClient, QueryClientProvider } = import.meta.resolve('ra-core').includes('/cjs/')
    ? createRequire(import.meta.url)('@tanstack/react-query')
    : await import('@tanstack/react-query');

/** What react-admin puts around a page, as far as it renders on a server. */
const inAdmin = page =>
    [
        [QueryClientProvider, { client: new QueryClient() }],
        [ThemeProvider, { theme: createTheme() }],
        [DataProviderContext.Provider, { value: dataProvider }],
    ].reduceRight((children, [component, props]) => createElement(component, props, children), page);

// It hangs in a portal, for which there is no place on a server: it comes once the page is in the browser.
assert.equal(renderToString(inAdmin(createElement(RateLimitBanner))), '');
assert.match(renderToString(inAdmin(createElement(RateLimitDashboard))), /RaRateLimitDashboard-totals/);
assert.equal(renderToString(inAdmin(createElement(State))), '<p>closed, 0 waiting, null</p>');

assert.deepEqual(complaints, []);

// react-admin's own context renders nothing on a server, as it waits for its texts. It does not mind what is inside.
const admin = createElement(AdminContext, { dataProvider }, createElement(RateLimitBanner), createElement(State));
assert.equal(renderToString(createElement(MemoryRouter, null, admin)), '');

service.dispose();

/**
 * Side by side with the peers, all in one run: what a healthy call costs, what is shipped, what a call takes that is
 * refused, and how imports fare. docs/benchmarks.md has the results, which repeat but for the costs of a call.
 *
 *     npm run bench                          prints the tables
 *     npm run bench -- costs refused         those parts alone: of costs, refused and bulk
 *     npm run bench -- --write               puts them into the page, and draws its charts
 *     npm run bench -- costs --check         fails when ours adds too much to a healthy call, as a share of a peer
 */
import { parseArgs } from 'node:util';
import { summarise, summaryTable } from './bulk/summary.ts';
import { origin, publish } from './page.ts';
import { bundleSizesTable, measureBundleSizes } from './peers/bundleSizes.ts';
import { drawCosts, drawRefusedCalls, drawSummary } from './peers/charts.ts';
import { healthyCallsTable, measureHealthyCalls, missesOf } from './peers/healthyCall.ts';
import { measureRefusedCalls, refusedCallsTable, retryAfterSeconds } from './peers/refusedCall.ts';

const PAGE = 'docs/benchmarks.md';
const PEERS = ['cockatiel', 'p-retry', 'axios-retry', 'axios', 'ky', 'bottleneck', '@smithy/util-retry'];
const originOf = (part: string) => origin(`npm run bench -- ${part}`, part === 'costs' ? ['opossum', ...PEERS] : PEERS);

const PARTS = {
    async costs() {
        const calls = await measureHealthyCalls();
        const sizes = await measureBundleSizes();
        publish(PAGE, {
            costsOrigin: originOf('costs'),
            healthyCall: healthyCallsTable(calls),
            bundleSizes: bundleSizesTable(sizes),
        });
        if (values.write) drawCosts(calls, sizes);
        const missed = missesOf(calls);
        if (missed.length > 0) console.error(`The target is missed: too much beside ${missed.join(' and ')}`);
        if (values.check && missed.length > 0) process.exitCode = 1;
    },
    async refused() {
        const untold = await measureRefusedCalls();
        const told = await measureRefusedCalls(retryAfterSeconds);
        publish(PAGE, {
            refusedOrigin: originOf('refused'),
            refusedUntold: refusedCallsTable(untold, false),
            refusedTold: refusedCallsTable(told, true),
        });
        if (values.write) drawRefusedCalls(untold, told);
    },
    async bulk() {
        const summaries = await summarise();
        publish(PAGE, { bulkOrigin: originOf('bulk'), bulk: summaryTable(summaries) });
        if (values.write) drawSummary(summaries);
    },
};

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
});

const unknown = positionals.filter(name => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) throw new Error(`No part is named ${unknown.join(', ')}: ${Object.keys(PARTS).join(', ')}`);

for (const [name, measure] of Object.entries(PARTS)) {
    if (positionals.length === 0 || positionals.includes(name)) await measure();
}

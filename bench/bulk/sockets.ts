/**
 * The same as `imports.ts` over real sockets and in real time, as a check of the simulation: `fetch` and `node:http` on
 * loopback, the server answering after 50 ms. Takes some three minutes.
 *
 *     npm run build && node bench/bulk/sockets.ts
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TokenBucket } from './limiters.ts';
import { describeImports, type Measurement, measure } from './measurement.ts';
import { Server } from './server.ts';
import { rowsOf } from './simulate.ts';
import { bulk } from './strategies/ours.ts';
import { awsAdaptive, honourRetryAfter } from './strategies/peers.ts';
import type { Strategy } from './strategies/strategy.ts';

const IMPORTS = [
    { rate: 200, burst: 50, rows: 2_000 },
    { rate: 20, burst: 5, rows: 400 },
];

async function importOverSockets(strategy: Strategy, rate: number, burst: number, rows: number): Promise<Measurement> {
    const limiter = new TokenBucket({ fromMs: 0, rate, burst });
    const startedAt = performance.now();
    const now = () => performance.now() - startedAt;
    const server = new Server({ limiter, hint: 'seconds', now, random: Math.random, jitterMs: 0 });
    const http = createServer(async (request, response) => {
        const { status, headers, body } = await server.handle(await text(request));
        response.writeHead(status, headers).end(body);
    });
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    try {
        await strategy.run({
            rows: rowsOf(0, rows),
            fetch,
            url: `http://127.0.0.1:${port}/rows`,
            concurrency: 20,
            signal: new AbortController().signal,
            random: Math.random,
        });
        return measure(server, now(), 1, rows - server.stored.size);
    } finally {
        http.closeAllConnections();
        http.close();
    }
}

for (const { rate, burst, rows } of IMPORTS) {
    const table: Record<string, object> = {};
    for (const strategy of [bulk, honourRetryAfter, awsAdaptive]) {
        table[strategy.name] = describeImports([await importOverSockets(strategy, rate, burst, rows)]);
    }
    console.log(`${rows} rows over sockets against ${rate} requests/s, burst ${burst}`);
    console.table(table);
}

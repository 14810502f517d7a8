/**
 * A Node job behind a rate limit, and its numbers as Prometheus text:
 *
 *     npx node examples/prometheus.ts http://127.0.0.1:3000 100
 *     curl http://127.0.0.1:9464/metrics
 */
import { createServer, type Server } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createHttpClient, RateLimitService } from 'ra-rate-limit';
import { reportToOpenTelemetry } from 'ra-rate-limit/opentelemetry';

/** A server that answers `/metrics` with the numbers of a service, for as long as it runs. */
export function createMetricsServer(service: RateLimitService): Server {
    const exporter = new PrometheusExporter({ preventServerStart: true });
    const meterProvider = new MeterProvider({ readers: [exporter] });
    const stop = reportToOpenTelemetry(service, { meter: meterProvider.getMeter('ra-rate-limit') });
    const server = createServer((request, response) => {
        if (request.url === '/metrics') exporter.getMetricsRequestHandler(request, response);
        else response.writeHead(404).end();
    });
    return server.on('close', () => {
        stop();
        void meterProvider.shutdown();
    });
}

/** The job: sends contacts to an API, all at once. What the server refuses is sent again when it may be. */
export function sendContacts(apiUrl: string, count: number, service: RateLimitService) {
    const httpClient = createHttpClient({ service });
    const send = (name: string) =>
        service.executeWithRetry(
            () => httpClient(`${apiUrl}/contacts`, { method: 'POST', body: JSON.stringify({ name }) }),
            { resourceName: 'contacts', operation: 'create' },
        );
    return Promise.allSettled(Array.from({ length: count }, (_, index) => send(`Contact ${index + 1}`)));
}

if (import.meta.main) {
    const [apiUrl = 'http://127.0.0.1:3000', count = '100'] = process.argv.slice(2);
    const rateLimit = new RateLimitService();
    createMetricsServer(rateLimit).listen(9464, '127.0.0.1');
    const outcomes = await sendContacts(apiUrl, Number(count), rateLimit);
    const sent = outcomes.filter(({ status }) => status === 'fulfilled').length;
    console.log(`Sent ${sent} of ${count}. The numbers stay at http://127.0.0.1:9464/metrics until Ctrl+C.`);
}

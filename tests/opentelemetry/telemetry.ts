import type { Attributes } from '@opentelemetry/api';
import {
    AggregationTemporality,
    InMemoryMetricExporter,
    MeterProvider,
    PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** The real SDK, which exports into memory. */
export function startTelemetry() {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const meterProvider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    const spanExporter = new InMemorySpanExporter();
    const tracerProvider = new TracerProvider({
        spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })],
    });

    /** What an export has now, by the name of the metric. */
    const collect = async () => {
        exporter.reset();
        await meterProvider.forceFlush();
        const metrics = exporter
            .getMetrics()
            .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(scope => scope.metrics));
        return new Map(metrics.map(metric => [metric.descriptor.name, metric]));
    };
    /** The values of a metric, by the attributes that tell them apart. */
    const values = async (name: string) => {
        const metric = (await collect()).get(name);
        const points = metric?.dataPoints as readonly { attributes: Attributes; value: unknown }[] | undefined;
        return points?.map(({ attributes, value }) => ({ ...withoutNamespace(attributes), value })) ?? [];
    };
    return {
        meter: meterProvider.getMeter('ra-rate-limit'),
        tracer: tracerProvider.getTracer('ra-rate-limit'),
        collect,
        values,
        spans: () => spanExporter.getFinishedSpans(),
        stop: () => Promise.all([meterProvider.shutdown(), tracerProvider.shutdown()]),
    };
}

const withoutNamespace = (attributes: Attributes) =>
    Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key.replace('ra_rate_limit.', ''), value]));

import type { EChartsOption } from 'echarts';
import type { Summary } from '../bulk/summary.ts';
import { AXIS, BLUE, draw, FAINT, GREY, GRID, heading, INK, MARGIN, RED } from '../chart.ts';
import { type BundleSize, kilobytes } from './bundleSizes.ts';
import type { HealthyCall } from './healthyCall.ts';
import { type RefusedCalls, retryAfterSeconds } from './refusedCall.ts';

const isOurs = (name: string) => /^(withRateLimit|ra-rate-limit|runBulk)/.test(name);
/** Dark enough for what is written on them. */
const DOT = { ours: '#2f74b5', theirs: '#6e7781' };

const name = (text: string, left: number, top: number, fontSize = 15) => ({
    text,
    left,
    top,
    padding: 0,
    textStyle: { fontSize, fontWeight: 600 as const, color: INK },
});
const faint = { fontSize: 14, color: FAINT };

interface Bar {
    label: string;
    value: number;
    text: string;
}

/** Bars beside each other, the shortest on top. */
function bars(titles: readonly [string, string], panels: readonly [readonly Bar[], readonly Bar[]]): EChartsOption {
    const lefts = [180, 580];
    return {
        title: titles.map((title, place) => name(title, place === 0 ? MARGIN : 400, 20, 17)),
        grid: lefts.map(left => ({ left, width: 140, top: 56, bottom: 12 })),
        xAxis: panels.map((_, gridIndex) => ({ gridIndex, type: 'value', show: false })),
        yAxis: panels.map((panel, gridIndex) => ({
            gridIndex,
            type: 'category',
            inverse: true,
            data: panel.map(({ label }) => label),
            axisLabel: { ...faint, color: INK },
            axisLine: { lineStyle: { color: AXIS } },
            axisTick: { show: false },
        })),
        series: panels.map((panel, place) => ({
            type: 'bar',
            xAxisIndex: place,
            yAxisIndex: place,
            barWidth: 16,
            label: {
                show: true,
                position: 'right',
                ...faint,
                formatter: ({ dataIndex }) => panel[dataIndex]?.text ?? '',
            },
            data: panel.map(({ label, value }) => ({ value, itemStyle: { color: isOurs(label) ? BLUE : GREY } })),
        })),
    };
}

const byValue = (list: Bar[]) => list.toSorted((one, other) => one.value - other.value);

/** What is around a function, and the bytes. The timer of bottleneck is off the scale: the table has it. */
export function drawCosts(calls: HealthyCall[], sizes: BundleSize[]): void {
    const around = calls.filter(({ group, addedNs }) => group === calls[0]?.group && addedNs < 100_000);
    const costs = around.map(call => ({
        label: call.name.replace(' (', '\n('),
        value: call.addedNs,
        text: `${call.addedNs.toFixed(0)} ns`,
    }));
    const bundles = sizes.map(({ name: label, bytes }) => ({ label, value: bytes, text: kilobytes(bytes) }));
    draw(
        'benchmark-costs',
        330,
        bars(['Added to a healthy call', 'Shipped, gzipped'], [byValue(costs), byValue(bundles)]),
    );
}

/** Each call a dot at the time that it took, with the number of its refusals in it. */
export function drawRefusedCalls(untold: RefusedCalls[], told: RefusedCalls[]): void {
    const LEFT = 250;
    const ROW = 36;
    const panels = [
        { title: 'Told nothing', results: untold, top: 92 },
        { title: `Told Retry-After: ${retryAfterSeconds}`, results: told, top: 92 + untold.length * ROW + 84 },
    ];
    const last = panels[1]?.top ?? 0;
    const dots = ({ results }: { results: RefusedCalls[] }, isAccepted: boolean) =>
        results.flatMap(({ client, calls }, row) => {
            const firstFailure = calls.findIndex(call => !call.isAccepted);
            return calls.flatMap((call, count) => {
                if (call.isAccepted !== isAccepted || (!isAccepted && count !== firstFailure)) return [];
                const label = isAccepted ? String(count) : `fails at ${count}`;
                return [
                    { value: [call.elapsedMs / 1000, row], label: { formatter: label }, isOurs: isOurs(client.name) },
                ];
            });
        });
    draw('benchmark-refused-call', last + told.length * ROW + 70, {
        title: [
            heading('How long a call takes that is refused 0 to 4 times'),
            ...panels.map(({ title, top }) => name(title, MARGIN, top - 30)),
            {
                text: 'seconds, on a logarithmic scale',
                left: LEFT,
                top: last + told.length * ROW + 38,
                padding: 0,
                textStyle: { ...faint, fontWeight: 400 as const },
            },
        ],
        grid: panels.map(({ top, results }) => ({ left: LEFT, right: 60, top, height: results.length * ROW })),
        xAxis: panels.map((_, gridIndex) => ({
            gridIndex,
            type: 'log',
            min: 0.03,
            max: 30,
            axisLabel: { ...faint, formatter: (value: number) => String(value) },
            axisLine: { show: true, onZero: false, lineStyle: { color: AXIS } },
            splitLine: { lineStyle: { color: GRID } },
        })),
        yAxis: panels.map(({ results }, gridIndex) => ({
            gridIndex,
            type: 'category',
            inverse: true,
            data: results.map(({ client }) => client.name),
            axisLabel: { fontSize: 14, color: INK },
            axisLine: { show: false },
            axisTick: { show: false },
            splitLine: { show: true, lineStyle: { color: GRID } },
        })),
        series: panels.flatMap((panel, place) => [
            {
                type: 'scatter',
                xAxisIndex: place,
                yAxisIndex: place,
                symbolSize: 20,
                data: dots(panel, true).map(dot => ({
                    ...dot,
                    itemStyle: { color: dot.isOurs ? DOT.ours : DOT.theirs, opacity: 1 },
                })),
                label: { show: true, color: '#ffffff', fontSize: 12, fontWeight: 600 },
            },
            {
                type: 'scatter',
                xAxisIndex: place,
                yAxisIndex: place,
                symbolSize: 0,
                data: dots(panel, false),
                label: { show: true, color: RED, fontSize: 13, position: 'right', distance: 14 },
            },
        ]),
    });
}

/** Every case of the matrix a dot: up is more of the limit used, left is less refused. */
export function drawSummary(summaries: Summary[]): void {
    const COLUMNS = 4;
    const SIZE = 136;
    const TOP = 140;
    const EVERY = { x: 188, y: 224 };
    const at = (place: number) => ({
        left: 54 + (place % COLUMNS) * EVERY.x,
        top: TOP + Math.floor(place / COLUMNS) * EVERY.y,
    });
    const titleOf = (text: string) => text.replace(/(, | \()/, match => (match === ', ' ? ',\n' : '\n('));
    const rows = Math.ceil(summaries.length / COLUMNS);
    draw('benchmark-bulk', TOP + rows * EVERY.y - 44, {
        title: [
            heading('Imports against every kind of limit'),
            {
                text: 'Each dot is a case. Up: the share of the limit that is used. To the right: the share of the requests refused.',
                left: MARGIN,
                top: 48,
                padding: 0,
                textStyle: { ...faint, fontWeight: 400 as const },
            },
            ...summaries.map(({ strategy }, place) =>
                name(titleOf(strategy.name), at(place).left - 30, at(place).top - 44, 12),
            ),
        ],
        grid: summaries.map((_, place) => ({ ...at(place), width: SIZE, height: SIZE })),
        xAxis: summaries.map((_, gridIndex) => ({
            gridIndex,
            type: 'value',
            min: 0,
            max: 1,
            interval: 0.5,
            axisLabel: { ...faint, fontSize: 12, formatter: (value: number) => `${value * 100} %` },
            axisLine: { lineStyle: { color: AXIS } },
            splitLine: { lineStyle: { color: GRID } },
        })),
        yAxis: summaries.map((_, gridIndex) => ({
            gridIndex,
            type: 'value',
            min: 0,
            max: 1,
            interval: 0.5,
            axisLabel: { ...faint, fontSize: 12, formatter: (value: number) => `${value * 100} %` },
            splitLine: { lineStyle: { color: GRID } },
        })),
        series: summaries.map(({ strategy, runs }, place) => ({
            type: 'scatter',
            xAxisIndex: place,
            yAxisIndex: place,
            symbolSize: 8,
            itemStyle: { color: isOurs(strategy.name) ? DOT.ours : DOT.theirs, opacity: 0.6 },
            data: Object.values(runs).flatMap(part =>
                part.map(({ refusedShare, share }) => [round(refusedShare), round(share)]),
            ),
        })),
    });
}

const round = (share: number) => Math.round(share * 1000) / 1000;

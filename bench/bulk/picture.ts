/**
 * Draws docs/images/bulk-rate.svg: an import against a limit that rises midway, by `runBulk` and by two peers, in virtual
 * time.
 *
 *     npm run build && node bench/bulk/picture.ts
 */
import type { EChartsOption } from 'echarts';
import { AXIS, BLUE, draw, FAINT, GRID, heading, INK, MARGIN, RED, WIDTH } from '../chart.ts';
import { TokenBucket } from './limiters.ts';
import type { Measurement } from './measurement.ts';
import { simulateFor } from './simulate.ts';
import { bulk } from './strategies/ours.ts';
import { awsAdaptive, honourRetryAfter } from './strategies/peers.ts';
import type { Strategy } from './strategies/strategy.ts';

const SECONDS = 60;
const BURST = 40;
const RATES = { before: 20, after: 50 };

const PANELS: { strategy: Strategy; title: string }[] = [
    { strategy: bulk, title: 'runBulk' },
    { strategy: honourRetryAfter, title: '20 at a time, Retry-After honoured' },
    { strategy: awsAdaptive, title: 'AWS SDK, adaptive mode' },
];

const PANEL = { top: 96, height: 118, every: 186 };
const HEIGHT = PANEL.top + PANEL.every * PANELS.length;

const ACCEPTED = { name: 'accepted in each second', color: BLUE };
const REFUSED = { name: 'refused', color: RED };
const LIMIT = 'the limit';

const limiter = () =>
    new TokenBucket(
        { fromMs: 0, rate: RATES.before, burst: BURST },
        { fromMs: (SECONDS / 2) * 1000, rate: RATES.after, burst: BURST },
    );

/** Requests in each second of the run. */
function perSecond({ arrivals }: Measurement, isAccepted: boolean): number[] {
    const counts = new Array<number>(SECONDS).fill(0);
    for (const arrival of arrivals) {
        const second = Math.floor(arrival.at / 1000);
        if (arrival.isAccepted === isAccepted) counts[second] = (counts[second] ?? 0) + 1;
    }
    return counts;
}

/** All requests in each second. */
function totals(run: Measurement): number[] {
    const refused = perSecond(run, false);
    return perSecond(run, true).map((accepted, second) => accepted + (refused[second] ?? 0));
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

const runs: Measurement[] = [];
for (const { strategy } of PANELS) {
    runs.push(await simulateFor(SECONDS * 1000, { limiter, hint: 'seconds', strategy, seed: 1 }));
}

const STEP = 20;
const most = Math.ceil(Math.max(...runs.flatMap(run => totals(run))) / STEP) * STEP;

/** In the middle of its second. */
const points = (counts: number[]) => counts.map((count, second) => [second + 0.5, count]);

const option: EChartsOption = {
    title: [
        heading(`An import against a limit of ${RATES.before} requests a second, which rises to ${RATES.after}`),
        ...PANELS.flatMap(({ title }, place) => {
            const { share, refusedShare } = runs[place] as Measurement;
            const top = PANEL.top + PANEL.every * place - 32;
            const numbers = `${percent(share)} of the limit used, ${percent(refusedShare)} of the requests refused`;
            const name = { fontSize: 15, fontWeight: 600 as const, color: INK };
            const faint = { fontSize: 14, fontWeight: 400 as const, color: FAINT };
            return [
                { text: title, left: MARGIN, top, padding: 0, textStyle: name },
                { text: numbers, left: WIDTH - MARGIN, textAlign: 'right' as const, top, padding: 0, textStyle: faint },
            ];
        }),
    ],
    grid: PANELS.map((_, place) => ({
        left: 60,
        right: MARGIN,
        top: PANEL.top + PANEL.every * place,
        height: PANEL.height,
    })),
    xAxis: PANELS.map((_, place) => ({
        gridIndex: place,
        type: 'value',
        min: 0,
        max: SECONDS,
        interval: 10,
        axisLabel: { fontSize: 14, color: FAINT, formatter: (second: number) => `${second} s` },
        axisLine: { lineStyle: { color: AXIS } },
        splitLine: { show: false },
    })),
    yAxis: PANELS.map((_, place) => ({
        gridIndex: place,
        type: 'value',
        min: 0,
        max: most,
        interval: STEP,
        axisLabel: { fontSize: 14, color: FAINT },
        splitLine: { lineStyle: { color: GRID } },
    })),
    legend: {
        bottom: 10,
        left: MARGIN,
        itemWidth: 18,
        itemGap: 44,
        textStyle: { fontSize: 14, color: INK },
        data: [ACCEPTED.name, REFUSED.name, { name: LIMIT, icon: 'path://M0,0h18v2h-18z' }],
    },
    series: runs.flatMap((run, place) => [
        {
            name: ACCEPTED.name,
            type: 'bar' as const,
            stack: `requests ${place}`,
            xAxisIndex: place,
            yAxisIndex: place,
            barWidth: 9,
            itemStyle: { color: ACCEPTED.color },
            data: points(perSecond(run, true)),
        },
        {
            name: REFUSED.name,
            type: 'bar' as const,
            stack: `requests ${place}`,
            xAxisIndex: place,
            yAxisIndex: place,
            barWidth: 9,
            itemStyle: { color: REFUSED.color },
            data: points(perSecond(run, false)),
        },
        {
            name: LIMIT,
            type: 'line' as const,
            xAxisIndex: place,
            yAxisIndex: place,
            symbol: 'none',
            step: 'end' as const,
            lineStyle: { color: INK, width: 2 },
            itemStyle: { color: INK },
            data: [
                [0, RATES.before],
                [SECONDS / 2, RATES.before],
                [SECONDS / 2, RATES.after],
                [SECONDS, RATES.after],
            ],
        },
    ]),
};

draw('bulk-rate', HEIGHT, option);

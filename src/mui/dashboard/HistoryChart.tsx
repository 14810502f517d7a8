import { Paper, Typography } from '@mui/material';
import {
    Bar,
    BarChart,
    CartesianGrid,
    ReferenceLine,
    ResponsiveContainer,
    Tooltip,
    type TooltipContentProps,
    XAxis,
    YAxis,
} from 'recharts';
import { useTexts } from '../useTexts.js';
import { RateLimitDashboardClasses as classes } from './dashboardClasses.js';
import { type ChartMinute, colorOf, isTrouble, SERIES, type Series } from './series.js';
import { useFormats } from './useFormats.js';

/** A bar for each minute: what was sent above the line, the trouble it had below. */
export const HistoryChart = ({ minutes }: { minutes: readonly ChartMinute[] }) => {
    const t = useTexts('dashboard');
    const { number, minute } = useFormats();
    return (
        <ResponsiveContainer initialDimension={{ width: 600, height: 280 }}>
            <BarChart
                data={minutes}
                stackOffset="sign"
                barCategoryGap="15%"
                margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
                aria-label={t('chart')}
            >
                <CartesianGrid vertical={false} />
                <XAxis
                    dataKey="at"
                    ticks={minutes.map(({ at }) => at).filter(isWholeTen)}
                    interval="equidistantPreserveStart"
                    tickFormatter={minute}
                    tick={TICK}
                    tickLine={false}
                />
                <YAxis
                    width="auto"
                    allowDecimals={false}
                    tickFormatter={(value: number) => number(Math.abs(value))}
                    tick={TICK}
                    tickLine={false}
                    axisLine={false}
                />
                <Tooltip content={ChartTooltip} isAnimationActive={false} />
                <ReferenceLine y={0} />
                {SERIES.map(name => (
                    <Bar
                        key={name}
                        dataKey={heightOf[name]}
                        stackId="minute"
                        fill={colorOf(name)}
                        isAnimationActive={false}
                    />
                ))}
            </BarChart>
        </ResponsiveContainer>
    );
};

const TICK = { fill: 'currentColor' };

/** The same functions at each render: the chart is made anew for others. */
const heightOf = Object.fromEntries(
    SERIES.map(name => [name, (minute: ChartMinute) => (isTrouble(name) ? -minute[name] : minute[name])]),
) as Record<Series, (minute: ChartMinute) => number>;

const isWholeTen = (at: number) => new Date(at).getMinutes() % 10 === 0;

const ChartTooltip = ({ active, payload }: TooltipContentProps) => {
    const t = useTexts('dashboard');
    const { minute } = useFormats();
    const shown = payload[0]?.payload as ChartMinute | undefined;
    if (!active || !shown) return null;
    return (
        <Paper elevation={4} className={classes.tooltip}>
            <Typography variant="subtitle2">{minute(shown.at)}</Typography>
            {SERIES.map(name => (
                <Typography key={name} variant="body2">
                    <span className={classes.swatch} style={{ backgroundColor: colorOf(name) }} />
                    {t('legend', { name: t(name), count: shown[name] })}
                </Typography>
            ))}
        </Paper>
    );
};

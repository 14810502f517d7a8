export const PREFIX = 'RaRateLimitDashboard';

export const RateLimitDashboardClasses = {
    header: `${PREFIX}-header`,
    actions: `${PREFIX}-actions`,
    state: `${PREFIX}-state`,
    dot: `${PREFIX}-dot`,
    totals: `${PREFIX}-totals`,
    total: `${PREFIX}-total`,
    section: `${PREFIX}-section`,
    secondary: `${PREFIX}-secondary`,
    legend: `${PREFIX}-legend`,
    swatch: `${PREFIX}-swatch`,
    chart: `${PREFIX}-chart`,
    tooltip: `${PREFIX}-tooltip`,
    empty: `${PREFIX}-empty`,
    table: `${PREFIX}-table`,
};

export type RateLimitDashboardClassKey = 'root' | keyof typeof RateLimitDashboardClasses;

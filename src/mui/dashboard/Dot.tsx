import { RateLimitDashboardClasses } from './dashboardClasses.js';

export type Tone = 'success' | 'info' | 'warning' | 'error';

/** A colour beside words: the words alone must do, too. */
export const Dot = ({ tone, className = '' }: { tone: Tone; className?: string }) => (
    <span className={`${RateLimitDashboardClasses.dot} ${className}`} data-tone={tone} aria-hidden />
);

import type { Logger, RateLimitEventName, RateLimitOptions } from 'ra-rate-limit';
import { RateLimitService } from 'ra-rate-limit';
import { VirtualClock } from './virtualClock';

const EVENT_NAMES: Record<RateLimitEventName, true> = {
    retry: true,
    success: true,
    exhausted: true,
    reject: true,
    open: true,
    halfOpen: true,
    close: true,
    pause: true,
};

export interface LogLine {
    level: keyof Logger;
    message: string;
    context: object | undefined;
}

/** A service on a clock of its own and without jitter, with all that it logged and told. */
export function createService(options: RateLimitOptions = {}) {
    const clock = new VirtualClock();
    const lines: LogLine[] = [];
    const line = (level: keyof Logger) => (message: string, context?: object) =>
        void lines.push({ level, message, context });
    const logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
    const service = new RateLimitService({ clock, logger, jitterFactor: 0, ...options });
    const events: { name: RateLimitEventName; event: object }[] = [];
    for (const name of Object.keys(EVENT_NAMES) as RateLimitEventName[]) {
        service.on(name, event => void events.push({ name, event }));
    }
    const namesOfEvents = () => events.map(({ name }) => name);
    return { service, clock, lines, events, namesOfEvents };
}

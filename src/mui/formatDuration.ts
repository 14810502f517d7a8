/** In whole seconds, minutes or hours, as is readable: `12 s`, `3 min`, `1 h 20 min`. */
export function formatDuration(ms: number): string {
    const seconds = Math.ceil(ms / 1000);
    if (seconds < 100) return `${seconds} s`;
    const minutes = Math.ceil(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Where log lines go: the four functions of `console` that most loggers have as well. */
export interface Logger {
    debug(message: string, context?: object): void;
    info(message: string, context?: object): void;
    warn(message: string, context?: object): void;
    error(message: string, context?: object): void;
}

/** Looks `console` up at each call, so that a spy or a monitoring SDK installed later is used. */
export const consoleLogger: Logger = {
    debug: (message, context) => console.debug(message, context),
    info: (message, context) => console.info(message, context),
    warn: (message, context) => console.warn(message, context),
    error: (message, context) => console.error(message, context),
};

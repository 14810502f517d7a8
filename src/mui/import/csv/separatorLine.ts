const SEPARATOR_LINE = /^"?sep=(.)"?\r*$/i;

/** What a first line such as `sep=;` tells a spreadsheet is between the cells. Undefined for other lines. */
export const namedSeparator = (line: string) => SEPARATOR_LINE.exec(line)?.[1];

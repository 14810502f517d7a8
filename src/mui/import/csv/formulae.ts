/**
 * What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV Injection), behind white space and any
 * number of apostrophes. Papa Parse's own pattern misses cells with a line break.
 */
const FORMULA = /^'*\s*[=+\-@＝＋－＠]|^'*[\t\r\n]/;

/** The cell for a file that people open in a spreadsheet: text, whatever it begins with. */
export const neutralizeFormula = (cell: string) => (FORMULA.test(cell) ? `'${cell}` : cell);

/** The cell as it was before `neutralizeFormula`. */
export const restoreFormula = (cell: string) => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EChartsOption, init } from 'echarts';

export const INK = '#24292f';
export const FAINT = '#57606a';
export const AXIS = '#8c959f';
export const GRID = '#eaeef2';
export const BLUE = '#4f93ce';
export const RED = '#d1373f';
export const GREY = '#afb8c1';
export const WIDTH = 800;
export const MARGIN = 24;

/** Without quotation marks: echarts does not escape them. */
const FONT = 'Helvetica, Arial, sans-serif';

/** The heading of a chart. */
export const heading = (text: string) => ({
    text,
    left: MARGIN,
    top: 20,
    padding: 0,
    textStyle: { fontSize: 17, fontWeight: 600 as const, color: INK },
});

/** Draws docs/images/`name`.svg on a white ground of its own, so that it is legible on a dark page as well. */
export function draw(name: string, height: number, option: EChartsOption): void {
    const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
    chart.setOption({
        backgroundColor: '#ffffff',
        animation: false,
        textStyle: { fontFamily: FONT, color: INK },
        ...option,
    });
    writeFileSync(join(import.meta.dirname, '..', 'docs', 'images', `${name}.svg`), `${chart.renderToSVGString()}\n`);
    chart.dispose();
    console.info(`docs/images/${name}.svg`);
}

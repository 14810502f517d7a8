import type { Check } from './check.ts';

const checkScript =
    (title: string, script: string): Check =>
    async (project, { nodes }, attempt) => {
        await project.add('node');
        for (const node of nodes) {
            await attempt(`${node.name}: every entry by ${title}`, () => project.run(node.path, `node/${script}`));
        }
    };

export const checkRequire = checkScript('require', 'require.cjs');
export const checkImport = checkScript('import', 'import.mjs');

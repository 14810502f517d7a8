import type { Check } from './check.ts';

/** A page rendered on a server, on each Node. */
export const checkServerRender: Check = async (project, { nodes }, attempt) => {
    await project.add('ssr');
    for (const node of nodes) {
        await attempt(`${node.name}: rendered on a server`, () => project.run(node.path, 'ssr/render.mjs'));
    }
};

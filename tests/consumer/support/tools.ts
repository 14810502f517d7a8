import { ConsumerProject } from './consumerProject.ts';

const PLATFORM = process.platform === 'win32' ? 'win' : process.platform;

/** What the npm package `node` installs. */
const NODE = `node-${PLATFORM}-${process.arch}`;

/** Programs that projects are tried with, installed once for all of them. */
export interface Tools {
    nodes: Program[];
    compilers: Program[];
}

export interface Program {
    name: string;
    version: string;
    path: string;
}

export interface ToolVersions {
    node: readonly string[];
    typescript: readonly string[];
}

export async function installTools(parent: string, versions: ToolVersions): Promise<Tools> {
    const nodes = versions.node.map(version => ({ alias: `node-${version}`, package: NODE, version }));
    const compilers = versions.typescript.map(version => ({ alias: `ts-${version}`, package: 'typescript', version }));
    const dependencies = Object.fromEntries(
        [...nodes, ...compilers].map(tool => [tool.alias, `npm:${tool.package}@${tool.version}`]),
    );
    const project = new ConsumerProject(parent, 'tools', { dependencies });
    await project.install();
    const program = async (title: string, alias: string, ...path: string[]): Promise<Program> => {
        const version = await project.versionOf(alias);
        return { name: `${title} ${version}`, version, path: project.path('node_modules', alias, ...path) };
    };
    const nodePath = PLATFORM === 'win' ? ['bin', 'node.exe'] : ['bin', 'node'];
    return {
        nodes: await Promise.all(nodes.map(({ alias }) => program('Node', alias, ...nodePath))),
        compilers: await Promise.all(compilers.map(({ alias }) => program('TypeScript', alias, 'bin', 'tsc'))),
    };
}

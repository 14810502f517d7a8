import type { ConsumerProject } from '../support/consumerProject.ts';
import type { Program } from '../support/tools.ts';
import type { Check } from './check.ts';

interface Setting {
    name: string;
    /** `type` in the package.json beside the sources: they are there once for each. */
    sources: ('module' | 'commonjs')[];
    options: object;
    /** The last TypeScript that knows it. @default all of them */
    lastCompiler?: number;
}

/** How a module finds the package. */
const SETTINGS: Setting[] = [
    { name: 'nodenext', sources: ['module', 'commonjs'], options: { module: 'nodenext' } },
    { name: 'bundler', sources: ['module'], options: { module: 'esnext', moduleResolution: 'bundler' } },
    // What create-react-admin 5.0 wrote into the apps that it made. It knows nothing of `exports`.
    {
        name: 'node',
        sources: ['module'],
        options: { module: 'esnext', moduleResolution: 'node', esModuleInterop: true },
        lastCompiler: 5,
    },
];

/** As strict as an app can be, and with no types but those that it imports. */
const OPTIONS = {
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    jsx: 'react-jsx',
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
};

/** Every entry with its types, by each compiler. */
export const checkTypes: Check = async (project, { compilers }, attempt) => {
    for (const { name, sources, options, lastCompiler = Infinity } of SETTINGS) {
        const folder = `types-${name}`;
        for (const type of sources) {
            await project.add('typescript', `${folder}/${type}`);
            await project.write(`${folder}/${type}/package.json`, { type });
        }
        await project.write(`${folder}/tsconfig.json`, { compilerOptions: { ...OPTIONS, ...options }, include: ['.'] });
        for (const compiler of compilers.filter(({ version }) => Number.parseInt(version, 10) <= lastCompiler)) {
            await attempt(`${compiler.name}: every entry with its types, ${name}`, () =>
                compile(project, compiler, folder),
            );
        }
    }
};

/** `skipLibCheck` is off so that our declarations are checked; the errors in those of other packages are not ours. */
async function compile(project: ConsumerProject, compiler: Program, folder: string): Promise<string> {
    const args = [compiler.path, '--project', folder, '--pretty', 'false'];
    const output = await project.run(process.execPath, ...args).catch((error: Error) => error.message);
    const errors = output.split('\n').filter(line => /error TS\d+/.test(line));
    const ours = errors.filter(line => !/^node_modules\/(?!ra-rate-limit\/)/.test(line));
    if (ours.length > 0) throw new Error(ours.join('\n'));
    if (errors.length === 0 && output !== '') throw new Error(output);
    return errors.length > 0 ? `${errors.length} errors in the declarations of other packages` : '';
}

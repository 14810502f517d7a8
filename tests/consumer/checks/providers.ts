import type { Check } from './check.ts';

/** The data providers that people have. Runs on the Node of the test run, which reads TypeScript. */
export const checkProviders: Check = async (project, _tools, attempt) => {
    await project.add('providers');
    await attempt('saves through four data providers', () => project.run(process.execPath, 'providers/save.ts'));
};

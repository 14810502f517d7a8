/** Packages of the examples that this one does not need. */
declare module 'ra-data-simple-rest' {
    import type { DataProvider, fetchUtils } from 'react-admin';

    // biome-ignore lint/style/noDefaultExport: as the package has it
    export default function simpleRestProvider(apiUrl: string, httpClient?: typeof fetchUtils.fetchJson): DataProvider;
}

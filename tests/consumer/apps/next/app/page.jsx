import { connection } from 'next/server';
import { RateLimitBanner, RateLimitDashboard } from 'ra-rate-limit/mui';
import { AdminContexts } from './AdminContexts.jsx';
import { dataProvider } from './dataProvider.js';
import { SaveButton } from './SaveButton.jsx';

/** A server component, with the package in both: what runs here, and what it leaves to the browser. */
// biome-ignore lint/style/noDefaultExport: Next.js asks for it
export default async function Page() {
    await connection(); // for each request, not once in the build
    const { data } = await dataProvider.create('contacts', { data: { name: 'Ada' } });
    return (
        <AdminContexts>
            <p>{`${data.name} was saved on the server`}</p>
            <SaveButton />
            <RateLimitBanner />
            <RateLimitDashboard />
        </AdminContexts>
    );
}

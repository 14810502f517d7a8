import { AdminInBrowser } from './AdminInBrowser.jsx';

// biome-ignore lint/style/noDefaultExport: Next.js asks for it
export default function Page() {
    return <AdminInBrowser />;
}

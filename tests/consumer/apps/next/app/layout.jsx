// biome-ignore lint/style/noDefaultExport: Next.js asks for it
export default function Layout({ children }) {
    return (
        <html lang="en">
            <head>
                <title>Contacts</title>
                <link rel="icon" href="data:," />
            </head>
            <body>{children}</body>
        </html>
    );
}

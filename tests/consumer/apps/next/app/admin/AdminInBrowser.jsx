'use client';

import dynamic from 'next/dynamic';

/** As react-admin's documentation has it: its router does not run on a server. */
export const AdminInBrowser = dynamic(() => import('./AdminApp.jsx').then(({ AdminApp }) => AdminApp), { ssr: false });

/** Packages that only the consumer projects install. */
declare module 'ra-data-simple-rest';
declare module 'ra-data-json-server';
declare module 'ra-data-fakerest';

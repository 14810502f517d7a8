import { createServer } from 'node:http';
import express, { type RequestHandler } from 'express';
import { listen, type RunningServer } from './listen.ts';

export interface Contact {
    id: number;
    name: string;
}

export interface ContactsApi extends RunningServer {
    /** What the server stored, in the order of arrival: a request that came twice is there twice. */
    contacts: Contact[];
    /** The status of each answer, in order. */
    statuses: number[];
}

/** A REST API of contacts behind a rate limiter: only what the limiter lets through is stored. */
export async function startContactsApi(limiter: RequestHandler): Promise<ContactsApi> {
    const contacts: Contact[] = [];
    const statuses: number[] = [];
    const app = express();
    app.use((_, response, next) => {
        response.on('finish', () => statuses.push(response.statusCode));
        next();
    });
    app.use(limiter, express.json());
    app.post('/contacts', (request, response) => {
        const contact = { ...request.body, id: contacts.length + 1 };
        contacts.push(contact);
        response.status(201).json(contact);
    });
    app.put('/contacts/:id', (request, response) => {
        const contact = contacts.find(({ id }) => id === Number(request.params.id));
        if (!contact) {
            response.status(404).json({ message: 'There is no such contact' });
            return;
        }
        Object.assign(contact, request.body);
        response.json(contact);
    });
    return { ...(await listen(createServer(app))), contacts, statuses };
}

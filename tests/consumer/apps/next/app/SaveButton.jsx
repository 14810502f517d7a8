'use client';

import { useRateLimitState } from 'ra-rate-limit/react';
import { useState } from 'react';
import { dataProvider } from './dataProvider.js';

export const SaveButton = () => {
    const { status, waiting } = useRateLimitState();
    const [saved, setSaved] = useState('Nothing');
    const save = async () => {
        const { data } = await dataProvider.create('contacts', { data: { name: 'Bob' } });
        setSaved(data.name);
    };
    return (
        <>
            <p>{`${status}, ${waiting} waiting`}</p>
            <p>{`${saved} was saved in the browser`}</p>
            <button type="button" onClick={save}>
                Save
            </button>
        </>
    );
};

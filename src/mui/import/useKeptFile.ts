import { useEffect, useState } from 'react';
import { findFile, type KeptFile } from './keptFile.js';

/** The file of an import that did not come to its end; `null` where none was kept, nothing while that is not known. */
export function useKeptFile(resumeKey: string | undefined, isWanted: boolean): KeptFile | null | undefined {
    const [keptFile, setKeptFile] = useState<KeptFile | null>();
    useEffect(() => {
        if (!isWanted) return undefined;
        let isCurrent = true;
        const search = resumeKey === undefined ? Promise.resolve(undefined) : findFile(resumeKey);
        void search.then(found => isCurrent && setKeptFile(found ?? null));
        return () => {
            isCurrent = false;
            setKeptFile(undefined);
        };
    }, [resumeKey, isWanted]);
    return keptFile;
}

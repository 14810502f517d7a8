import { useEffect, useState } from 'react';
import type { ResumableImport } from '../useBulkImport.js';
import { endOfRun, isLocked } from './importLock.js';
import { findResumable } from './importStore.js';

/**
 * The import of this name that did not end. Looked for again when the person comes back to the tab, since it may have been
 * resumed in another.
 *
 * @param ends changes when there may be another answer
 */
export function useResumableImport(name: string | undefined, ends: number): ResumableImport | null {
    const [found, setFound] = useState<{ name: string; resumable: ResumableImport }>();

    // biome-ignore lint/correctness/useExhaustiveDependencies: it is what tells of another answer
    useEffect(() => {
        if (name === undefined) return undefined;
        let isCurrent = true;
        const look = async () => {
            await endOfRun(name);
            const [stored, runsElsewhere] = await Promise.all([findResumable(name), isLocked(name)]);
            const resumable = stored && { ...stored, ...(runsElsewhere && { runsElsewhere }) };
            if (isCurrent) setFound(resumable ? { name, resumable } : undefined);
        };
        void look();
        document.addEventListener('visibilitychange', look);
        window.addEventListener('focus', look);
        return () => {
            isCurrent = false;
            setFound(undefined);
            document.removeEventListener('visibilitychange', look);
            window.removeEventListener('focus', look);
        };
    }, [name, ends]);

    return found && found.name === name ? found.resumable : null;
}

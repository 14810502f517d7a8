import { type DragEvent, type ReactNode, useState } from 'react';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';

interface DropZoneProps {
    onFiles: (files: File[]) => void;
    /** The id of the element that tells which files are meant. */
    describedBy: string;
    children: ReactNode;
}

/** Where files are dropped, and a file input for everyone who has no mouse. */
export const DropZone = ({ onFiles, describedBy, children }: DropZoneProps) => {
    const [isDraggedOver, setIsDraggedOver] = useState(false);

    const handleDrag = (event: DragEvent) => {
        // Else the browser leaves the page for the file.
        event.preventDefault();
        setIsDraggedOver(event.type === 'dragenter' || event.type === 'dragover');
    };
    const handleDrop = (event: DragEvent) => {
        handleDrag(event);
        onFiles([...event.dataTransfer.files]);
    };

    return (
        <label
            className={`${classes.dropZone} ${isDraggedOver ? classes.dropZoneActive : ''}`}
            onDragEnter={handleDrag}
            onDragOver={handleDrag}
            onDragLeave={handleDrag}
            onDrop={handleDrop}
        >
            <input
                type="file"
                accept=".csv,.tsv,.txt,text/csv"
                className={classes.visuallyHidden}
                aria-describedby={describedBy}
                onChange={event => {
                    const files = [...(event.target.files ?? [])];
                    // So that the same file can be chosen again after it was mended.
                    event.target.value = '';
                    onFiles(files);
                }}
            />
            {children}
        </label>
    );
};

import type { InspectOptions } from '../csv/inspectCsv.js';
import type { CsvDelimiter } from '../csv/readRecords.js';
import type { CsvEncoding } from '../csv/readText.js';
import { BulkImportDialogClasses } from '../importDialogClasses.js';
import { useImportTexts } from '../useImportTexts.js';
import { LabelledSelect } from './LabelledSelect.js';

const ENCODINGS: Record<CsvEncoding, string> = {
    'utf-8': 'UTF-8',
    'windows-1252': 'Windows-1252',
    'utf-16le': 'UTF-16 LE',
    'utf-16be': 'UTF-16 BE',
};

type CsvFormatChoice = Pick<InspectOptions, 'encoding' | 'delimiter'>;

interface FormatChoicesProps extends CsvFormatChoice {
    onChange: (format: CsvFormatChoice) => void;
}

/** How the file is read, which a person may know better. What is not known is blank. */
export const FormatChoices = ({ encoding, delimiter, onChange }: FormatChoicesProps) => {
    const { t } = useImportTexts();
    const delimiters: Record<CsvDelimiter, string> = {
        ',': t('delimiterComma'),
        ';': t('delimiterSemicolon'),
        '\t': t('delimiterTab'),
        '|': t('delimiterBar'),
    };
    return (
        <div className={BulkImportDialogClasses.format}>
            <LabelledSelect
                label={t('encoding')}
                value={encoding}
                choices={ENCODINGS}
                onChange={encoding => onChange({ encoding, delimiter })}
            />
            <LabelledSelect
                label={t('delimiter')}
                value={delimiter}
                choices={delimiters}
                onChange={delimiter => onChange({ encoding, delimiter })}
            />
        </div>
    );
};

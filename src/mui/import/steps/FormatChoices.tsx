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
            <FormatSelect
                label={t('encoding')}
                value={encoding}
                choices={ENCODINGS}
                onChange={encoding => onChange({ encoding, delimiter })}
            />
            <FormatSelect
                label={t('delimiter')}
                value={delimiter}
                choices={delimiters}
                onChange={delimiter => onChange({ encoding, delimiter })}
            />
        </div>
    );
};

interface FormatSelectProps<Value extends string> {
    label: string;
    value: Value | undefined;
    choices: Readonly<Record<Value, string>>;
    onChange: (value: Value | undefined) => void;
}

function FormatSelect<Value extends string>({ label, value, choices, onChange }: FormatSelectProps<Value>) {
    return (
        <LabelledSelect<Value | ''>
            label={label}
            value={value ?? ''}
            choices={(value === undefined ? { '': '', ...choices } : choices) as Record<Value | '', string>}
            onChange={value => onChange(value || undefined)}
        />
    );
}

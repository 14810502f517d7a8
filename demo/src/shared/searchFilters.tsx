import { AutocompleteInput, ReferenceInput, SearchInput, type SearchInputProps, SelectInput } from 'react-admin';
import type { TextKey } from '../i18n/text';
import { useText } from '../i18n/useText';

interface SearchFilterProps extends SearchInputProps {
    /** What one can search for. */
    hint: TextKey;
}

const SearchFilter = ({ hint, ...props }: SearchFilterProps) => {
    const text = useText();
    return <SearchInput {...props} placeholder={text(hint)} sx={{ minWidth: 260 }} />;
};

/** Filters by words: `@ilike` is how the data provider is told which operator of the API to use. */
export const search = (column: string, hint: TextKey) => (
    <SearchFilter key="search" source={`${column}@ilike`} hint={hint} alwaysOn />
);

export const choose = (source: string, choices: readonly { id: string; name: string }[]) => (
    <SelectInput key={source} source={source} choices={[...choices]} alwaysOn />
);

const byName = (text: string) => ({ 'name@ilike': text });

export const reference = (source: string, resource: string) => (
    <ReferenceInput key={source} source={source} reference={resource} sort={{ field: 'name', order: 'ASC' }}>
        <AutocompleteInput optionText="name" filterToQuery={byName} sx={{ minWidth: 220 }} />
    </ReferenceInput>
);

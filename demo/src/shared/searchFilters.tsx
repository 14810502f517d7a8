import { AutocompleteInput, ReferenceInput, SearchInput, SelectInput } from 'react-admin';

/** Filters by words: `@ilike` is how the data provider is told which operator of the API to use. */
export const search = (column: string, placeholder: string) => (
    <SearchInput key="search" source={`${column}@ilike`} placeholder={placeholder} alwaysOn sx={{ minWidth: 260 }} />
);

export const choose = (source: string, label: string, choices: readonly { id: string; name: string }[]) => (
    <SelectInput key={source} source={source} label={label} choices={[...choices]} alwaysOn />
);

const byName = (text: string) => ({ 'name@ilike': text });

export const reference = (source: string, label: string, resource: string) => (
    <ReferenceInput
        key={source}
        source={source}
        label={label}
        reference={resource}
        sort={{ field: 'name', order: 'ASC' }}
    >
        <AutocompleteInput label={label} optionText="name" filterToQuery={byName} sx={{ minWidth: 220 }} />
    </ReferenceInput>
);

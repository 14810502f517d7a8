import { regex, required, TextInput } from 'react-admin';
import { useWatch } from 'react-hook-form';
import { TagChip } from '../shared/tagChips';

const isColor = regex(/^#[0-9a-f]{6}$/i, 'A color such as #42a5f5');

export const TagInputs = () => (
    <>
        <TextInput source="name" validate={required()} />
        <TextInput source="color" label="Color" type="color" defaultValue="#90a4ae" validate={[required(), isColor]} />
        <TagPreview />
    </>
);

const TagPreview = () => {
    const [name, color] = useWatch({ name: ['name', 'color'] });
    return <TagChip tag={{ id: 0, name: name || 'Preview', color: color || '#90a4ae' }} />;
};

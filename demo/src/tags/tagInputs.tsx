import { regex, required, TextInput } from 'react-admin';
import { useWatch } from 'react-hook-form';
import { useText } from '../i18n/useText';
import { TagChip } from '../shared/tagChips';

const isColor = regex(/^#[0-9a-f]{6}$/i, 'crm.notAColor');

export const TagInputs = () => (
    <>
        <TextInput source="name" validate={required()} />
        <TextInput source="color" type="color" defaultValue="#90a4ae" validate={[required(), isColor]} />
        <TagPreview />
    </>
);

const TagPreview = () => {
    const text = useText();
    const [name, color] = useWatch({ name: ['name', 'color'] });
    return <TagChip tag={{ id: 0, name: name || text('crm.tag.preview'), color: color || '#90a4ae' }} />;
};

import { Chip, type SxProps, type Theme } from '@mui/material';
import { type RaRecord, ReferenceArrayField, useListContext, useRecordContext } from 'react-admin';

export interface Tag extends RaRecord<number> {
    name: string;
    color: string;
    contacts_count?: number;
}

const colorsOf =
    (color: string): SxProps<Theme> =>
    theme => ({ backgroundColor: color, color: theme.palette.getContrastText(color) });

export const TagChip = ({ tag }: { tag: Tag }) => <Chip label={tag.name} size="small" sx={colorsOf(tag.color)} />;

export const TagChipField = (_props: { label?: string }) => {
    const tag = useRecordContext<Tag>();
    return tag ? <TagChip tag={tag} /> : null;
};

const Chips = () => {
    const { data = [] } = useListContext<Tag>();
    return (
        <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: 4 }}>
            {data.map(tag => (
                <TagChip key={tag.id} tag={tag} />
            ))}
        </span>
    );
};

/** The tags of a contact. */
export const TagChips = ({ source = 'tag_ids' }: { source?: string; label?: string }) => (
    <ReferenceArrayField reference="tags" source={source}>
        <Chips />
    </ReferenceArrayField>
);

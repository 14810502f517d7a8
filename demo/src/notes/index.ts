import NotesIcon from '@mui/icons-material/Notes';
import { NoteCreate } from './noteCreate';
import { NoteEdit } from './noteEdit';
import { NoteList } from './noteList';

export const notes = {
    list: NoteList,
    edit: NoteEdit,
    create: NoteCreate,
    icon: NotesIcon,
};

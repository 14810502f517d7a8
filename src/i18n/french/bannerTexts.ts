import type { bannerTexts as englishTexts } from '../english/bannerTexts.js';

export const bannerTexts: Record<keyof typeof englishTexts, string> = {
    busy: 'Le serveur est occupé. Vos modifications seront envoyées dès que possible.',
    busyFor: 'Le serveur est occupé. Vos modifications seront envoyées dans %{time}.',
    busyOver: 'Vos modifications ne sont plus en attente.',
    openFor: 'Trop de requêtes. Vous pourrez de nouveau enregistrer dans %{time}.',
    openOver: 'Vous pouvez de nouveau enregistrer.',
    close: 'Fermer',
};

import type { errorTexts as englishTexts } from '../english/errorTexts.js';

export const errorTexts: Record<keyof typeof englishTexts, string> = {
    RATE_LIMIT_MAX_RETRIES_EXCEEDED:
        'Le système est momentanément surchargé. Veuillez réessayer dans quelques instants.',
    RATE_LIMIT_CIRCUIT_OPEN: 'Trop de requêtes. Veuillez patienter une à deux minutes avant de réessayer.',
    RATE_LIMIT_MAX_RETRIES_EXCEEDED_FOR: 'Le système est momentanément surchargé. Veuillez réessayer dans %{wait}.',
    RATE_LIMIT_CIRCUIT_OPEN_FOR: 'Trop de requêtes. Veuillez réessayer dans %{wait}.',
    moments: 'quelques instants',
};

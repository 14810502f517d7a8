export { englishMessages, type RateLimitTexts } from './englishMessages.js';
export { frenchMessages } from './frenchMessages.js';
export { translatedMessages } from './translatedMessages.js';
export { waitInWords } from './waitInWords.js';

export { englishMessages, type RateLimitTexts } from './englishMessages.js';

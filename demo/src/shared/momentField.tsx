import { DateField, type DateFieldProps, useLocale } from 'react-admin';
import { parseMoment } from './format';

const DAY = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** The day before the month in both languages. */
const useDayLocale = () => (useLocale() === 'fr' ? 'fr-FR' : 'en-GB');

/** A `timestamptz` of the database. */
export const MomentField = (props: DateFieldProps) => (
    <DateField locales={useDayLocale()} options={DAY} transform={parseMoment} {...props} />
);

/** A `date` of the database: a day, the same one in every time zone. */
export const DayField = (props: DateFieldProps) => (
    <DateField locales={useDayLocale()} options={{ ...DAY, timeZone: 'UTC' }} {...props} />
);

import { DateField, type DateFieldProps } from 'react-admin';
import { parseMoment } from './format';

const DAY = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** A `timestamptz` of the database. */
export const MomentField = (props: DateFieldProps) => (
    <DateField locales="en-GB" options={DAY} transform={parseMoment} {...props} />
);

/** A `date` of the database: a day, the same one in every time zone. */
export const DayField = (props: DateFieldProps) => (
    <DateField locales="en-GB" options={{ ...DAY, timeZone: 'UTC' }} {...props} />
);

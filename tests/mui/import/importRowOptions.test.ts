import { type ImportRow, importRowOptions } from 'ra-rate-limit/mui';
import { expect, test, vi } from 'vitest';

const context = { index: 0, rowNumber: 7, signal: new AbortController().signal };
const row: ImportRow = { rowNumber: 7, values: { email: 'nonsense' } };

test('a row is transformed, with its number and the signal', async () => {
    const transform = vi.fn(() => ({ id: 1 }));

    expect(await importRowOptions({ transform }).transform(row, context)).toEqual({ id: 1 });

    expect(transform).toHaveBeenCalledExactlyOnceWith({ email: 'nonsense' }, context);
});

test('without a transformation, the values are the record', async () => {
    expect(await importRowOptions({}).transform(row, context)).toEqual({ email: 'nonsense' });
});

test('the number of a row is that of the file', () => {
    expect(importRowOptions({}).rowNumber(row)).toBe(7);
});

test('a row that could not be read is neither validated nor transformed', async () => {
    const problem = new Error('too many cells');
    const validate = vi.fn();
    const transform = vi.fn();

    await expect(importRowOptions({ validate, transform }).transform({ rowNumber: 7, problem }, context)).rejects.toBe(
        problem,
    );

    expect(validate).not.toHaveBeenCalled();
    expect(transform).not.toHaveBeenCalled();
});

test.each([
    ['a message', 'is wrong', 'is wrong'],
    [
        'messages by field',
        { email: 'is wrong', phone: undefined, name: 'is missing' },
        'email: is wrong; name: is missing',
    ],
])('a row that is not valid is not transformed: %s', async (_, errors, message) => {
    const transform = vi.fn();

    await expect(importRowOptions({ validate: async () => errors, transform }).transform(row, context)).rejects.toThrow(
        message,
    );

    expect(transform).not.toHaveBeenCalled();
});

test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty message', ''],
    ['no messages', { email: undefined }],
])('a row is valid when there is %s to say', async (_, errors) => {
    expect(await importRowOptions({ validate: () => errors }).transform(row, context)).toEqual({
        email: 'nonsense',
    });
});

test('an error that validation throws is what is wrong', async () => {
    const validate = () => {
        throw new Error('from a schema');
    };

    await expect(importRowOptions({ validate }).transform(row, context)).rejects.toThrow('from a schema');
});

test.each([undefined, null])('a validation that is rejected with %s has not found the row valid', async reason => {
    const transform = vi.fn();
    const validate = () => Promise.reject(reason);

    await expect(importRowOptions({ validate, transform }).transform(row, context)).rejects.toBeInstanceOf(Error);

    expect(transform).not.toHaveBeenCalled();
});

import { describe, expect, it } from 'vitest';
import { resourceOf, signalOf } from '../../src/provider/callArguments';

describe('the resource of a call', () => {
    it.each([
        'getList',
        'getOne',
        'getMany',
        'getManyReference',
        'create',
        'createMany',
        'update',
        'updateMany',
        'delete',
        'deleteMany',
    ])('is the first argument of %s', method => {
        expect(resourceOf(method, ['contacts', {}])).toBe('contacts');
    });

    it.each(['invite', 'rpc', 'toString'])('is not known of %s, whose first argument may be anything', method => {
        expect(resourceOf(method, ['jane@example.com'])).toBeUndefined();
    });

    it.each([[[]], [[{ data: {} }]], [[42]]])('is not known when the first argument is no name: %j', args => {
        expect(resourceOf('create', args)).toBeUndefined();
    });
});

describe('the signal of a call', () => {
    const { signal } = new AbortController();

    it.each([
        ['params', ['contacts', { signal }]],
        ['the first argument', [{ signal }]],
        ['the last of many', [1, null, undefined, 'text', { signal }]],
        ['the one argument that has a real one', [{ signal: 'SIGTERM' }, { signal }]],
    ])('is found in %s', (_, args) => {
        expect(signalOf(args)).toBe(signal);
    });

    it.each([[[]], [['contacts', {}]], [['contacts', { signal: { aborted: true } }]], [[signal]]])(
        'is none in %j',
        args => {
            expect(signalOf(args)).toBeUndefined();
        },
    );

    it('is looked for without touching what must not be touched', () => {
        const hostile = {
            get signal(): never {
                throw new Error('Do not read me');
            },
        };

        expect(signalOf([hostile, { signal }])).toBe(signal);
    });
});

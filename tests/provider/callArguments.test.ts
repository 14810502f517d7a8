import { describe, expect, it } from 'vitest';
import { namesResource, signalOf } from '../../src/provider/callArguments';

describe('a method whose first argument names a resource', () => {
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
    ])('is %s', method => {
        expect(namesResource(method)).toBe(true);
    });

    it.each(['invite', 'rpc', 'toString', 'getListOf', 'recreate', 'createManyReference'])(
        'is not %s, whose first argument may be anything',
        method => {
            expect(namesResource(method)).toBe(false);
        },
    );
});

describe('the signal of a call', () => {
    const { signal } = new AbortController();

    it.each([
        ['params', ['contacts', { signal }]],
        ['the first argument', [{ signal }]],
        ['place of an argument', ['2026-01', signal]],
        ['meta', ['contacts', { data: {}, meta: { signal } }]],
        ['the last of many', [1, null, undefined, 'text', { signal }]],
        ['the one argument that has a real one', [{ signal: 'SIGTERM' }, { signal }]],
    ])('is found in %s', (_, args) => {
        expect(signalOf(args)).toBe(signal);
    });

    it.each([
        [[]],
        [['contacts', {}]],
        [['contacts', { meta: { signal: 'SIGTERM' } }]],
        [['contacts', { signal: { aborted: true } }]],
    ])('is none in %j', args => {
        expect(signalOf(args)).toBeUndefined();
    });

    it('is not looked for behind what must not be touched', () => {
        const hostile = {
            get signal(): never {
                throw new Error('Do not read me');
            },
        };

        expect(signalOf([hostile, { signal }])).toBeUndefined();
        expect(signalOf([{ signal }, hostile])).toBe(signal);
    });
});

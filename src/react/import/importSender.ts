import { isAmbiguous } from '../../bulk/ambiguity.js';
import type { BulkContext } from '../../bulk/runBulk.js';
import type { ImportCheckpoint } from './importCheckpoint.js';
import { isOwnConflict, keyOfRow } from './importKeys.js';
import type { PreparedItem } from './importRecord.js';
import type { ImportJob } from './importRun.js';

type CreateMany = (resource: string, params: object) => Promise<unknown>;

/** How rows are sent: many at once where the data provider can, else one by one. */
export function createSender<Row>(
    { dataProvider, resource, keyColumn, meta }: ImportJob<Row>,
    checkpoint: ImportCheckpoint<Row>,
) {
    const keyOf = ({ index }: PreparedItem<Row>) => keyOfRow(checkpoint.importId, index);
    const ownMeta = keyColumn === undefined ? meta : { ...meta, onConflict: keyColumn };

    /** @param call is called at once: the rate limit gives it its turn in this very moment */
    function send(items: PreparedItem<Row>[], call: (records: object[]) => Promise<unknown>): Promise<unknown> {
        const sent = items.filter(({ record }) => record !== null);
        const [first] = sent;
        if (!first) return Promise.resolve();
        checkpoint.sending(sent);
        const records = sent.map(item => ({ ...item.record, ...(keyColumn && { [keyColumn]: keyOf(item) }) }));
        return Promise.resolve(call(records)).catch(error => {
            const isAlone = sent.length === 1 && keyColumn !== undefined;
            if (isAlone && isOwnConflict(error, keyOf(first), `${resource}_${keyColumn}_key`)) return;
            if (isAmbiguous(error)) checkpoint.doubted(sent);
            else checkpoint.returned(sent);
            throw error;
        });
    }

    /** The signal is not of react-admin: by it, the rate limit knows calls that an async wrapper makes later. */
    const paramsOf = <Data>(data: Data, { signal }: BulkContext) => ({ data, meta: ownMeta, signal });
    const createMany = createManyOf(dataProvider);
    return {
        sendOne: (item: PreparedItem<Row>, context: BulkContext) =>
            send([item], ([data = {}]) => dataProvider.create(resource, paramsOf(data, context))),
        /** Absent where the data provider cannot. */
        sendMany:
            createMany &&
            ((items: PreparedItem<Row>[], context: BulkContext) =>
                send(items, data => createMany(resource, paramsOf(data, context)))),
    };
}

/** By its name among the properties: some data providers of react-admin answer any name with a function. */
function createManyOf(dataProvider: object): CreateMany | undefined {
    if (!('createMany' in dataProvider)) return undefined;
    const { createMany } = dataProvider;
    return typeof createMany === 'function' ? (...args) => createMany.apply(dataProvider, args) : undefined;
}

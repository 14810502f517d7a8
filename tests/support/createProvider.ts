import type { DataProvider } from 'ra-core';
import { vi } from 'vitest';

/** A data provider that answers everything, with overrides. */
export function createProvider<Overrides extends object>(overrides = {} as Overrides) {
    const provider = {
        getList: vi.fn(async () => ({ data: [], total: 0 })),
        getOne: vi.fn(async (_resource: string, { id }: { id: unknown }) => ({ data: { id } })),
        getMany: vi.fn(async () => ({ data: [] })),
        getManyReference: vi.fn(async () => ({ data: [], total: 0 })),
        create: vi.fn(async (_resource: string, { data }: { data: object }) => ({ data: { ...data, id: 1 } })),
        update: vi.fn(async (_resource: string, { id, data }: { id: unknown; data: object }) => ({
            data: { ...data, id },
        })),
        updateMany: vi.fn(async (_resource: string, { ids }: { ids: unknown[] }) => ({ data: ids })),
        delete: vi.fn(async (_resource: string, { id }: { id: unknown }) => ({ data: { id } })),
        deleteMany: vi.fn(async (_resource: string, { ids }: { ids: unknown[] }) => ({ data: ids })),
        ...overrides,
    };
    return provider as unknown as DataProvider &
        Overrides & { [Name in keyof typeof provider]: ReturnType<typeof vi.fn> };
}

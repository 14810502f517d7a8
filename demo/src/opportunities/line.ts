export interface Line {
    id?: number;
    product_id?: number;
    quantity: number | null;
    /** Supabase Lite writes amounts of money as text. */
    unit_price: number | string | null;
}

export const totalOf = (lines: readonly Pick<Line, 'quantity' | 'unit_price'>[]): number =>
    lines.reduce((sum, { quantity, unit_price }) => sum + Number(quantity ?? 0) * Number(unit_price ?? 0), 0);

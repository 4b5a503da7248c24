/**
 * What scanning a layer does. Only `prize` layers ever pay consumers; `verify` answers and never uses up a prize; `channel` and
 * `logistics` are for stores and warehouses.
 */
export const LAYER_PURPOSES = ['prize', 'verify', 'channel', 'logistics'] as const;
export type LayerPurpose = (typeof LAYER_PURPOSES)[number];

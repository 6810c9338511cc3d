/** The stores, one for each subgraph: each its own database and its own role. */
export const STORE_NAMES = ['account', 'market-data', 'order'] as const;
export type StoreName = (typeof STORE_NAMES)[number];

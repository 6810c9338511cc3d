import type { Price } from '#shared/domain/price.ts';
import type { Position } from '../domain/position.ts';

/** An account, which the account subgraph owns. */
export interface AccountReference {
  readonly id: string;
}

/** An instrument, which market-data owns. */
export interface InstrumentReference {
  readonly symbol: string;
}

/** A position, and what its instrument is worth where the gateway has asked market-data for it. */
export type MarkedPosition = Position & { readonly markPrice?: Price | null };

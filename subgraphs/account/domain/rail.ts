import type { AssetCode } from '#shared/domain/ids.ts';

/** A way of an asset between the desk and the outside. */
export type Rail = 'DEPOSITS' | 'WITHDRAWALS';

/** A rail that the operator has suspended: no money moves on it until they resume it. */
export interface RailSuspension {
  readonly asset: AssetCode;
  readonly rail: Rail;
  /** For clients to read. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** What an operator has done to a rail. */
export interface RailChange {
  readonly asset: AssetCode;
  readonly rail: Rail;
  /** Why it is suspended; null if it was resumed. */
  readonly reason: string | null;
  /** Who says to have done it. */
  readonly operator: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** The port for reading which rails are suspended. */
export interface RailReads {
  /** Those of these assets, in any order; unknown assets have none. */
  suspensionsOf(assets: readonly AssetCode[]): Promise<readonly RailSuspension[]>;
}

import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Period } from '#shared/domain/period.ts';
import type { Quantity } from '#shared/domain/quantity.ts';

/** The most fills that all trading statements of one request can sum up. */
export const MAX_STATEMENT_FILLS = 20_000;

/** The account and the period of a statement. */
export interface TradingStatementKey {
  readonly accountId: AccountId;
  /** When the fills were executed. */
  readonly period: Period;
}

/** What the fills in one instrument come to; amounts are of the quote asset. */
export interface InstrumentStatement {
  readonly symbol: InstrumentSymbol;
  readonly fillCount: number;
  readonly boughtQuantity: Quantity;
  readonly soldQuantity: Quantity;
  readonly boughtNotional: Money;
  readonly soldNotional: Money;
  /** The part of both sums that was traded as maker. */
  readonly makerVolume: Money;
  readonly fees: Money;
}

/** The answer to a request for a trading statement. */
export type TradingStatementOutcome =
  | {
      readonly kind: 'statement';
      /** By symbol. */
      readonly instruments: readonly InstrumentStatement[];
    }
  /** With it the request would sum up more than the limit, or already did. */
  | { readonly kind: 'tooLong' };

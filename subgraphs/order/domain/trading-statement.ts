import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Period } from '#shared/domain/period.ts';
import type { Quantity } from '#shared/domain/quantity.ts';

/** The most fills that all trading statements of one request may add up. */
export const MAX_STATEMENT_FILLS = 20_000;

/** Whose statement, and of when. */
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
  /** Of both together, the part that was traded as maker. */
  readonly makerVolume: Money;
  readonly fees: Money;
}

/** The one answer to a request for a trading statement. */
export type TradingStatementOutcome =
  | {
      readonly kind: 'statement';
      /** By symbol. */
      readonly instruments: readonly InstrumentStatement[];
    }
  /** With it all of the request would add up more than may be, or those before it would already. */
  | { readonly kind: 'tooLong' };

import { assertNever } from '#shared/domain/invariant.ts';
import { formatMoney, type Money, moneyOfUnits } from '#shared/domain/money.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import {
  type InstrumentStatement,
  MAX_STATEMENT_FILLS,
  type TradingStatementOutcome,
} from '../domain/trading-statement.ts';
import { scalesOf } from './scales.ts';

/** A trading statement, or that it is too long, as a member of `TradingStatementResult`. */
export function tradingStatementAnswer(
  outcome: TradingStatementOutcome,
  context: OrderContext,
): Awaited<ResolversTypes['TradingStatementResult']> {
  switch (outcome.kind) {
    case 'statement': {
      const { instruments } = outcome;
      return {
        __typename: 'TradingStatement',
        fillCount: instruments.reduce((sum, { fillCount }) => sum + fillCount, 0),
        instruments: instruments.map((one) => instrumentAnswer(one, context)),
      };
    }
    case 'tooLong': {
      const limit = MAX_STATEMENT_FILLS;
      const message = `The trading statements of one request can sum up at most ${limit} fills: ask for a shorter period, or for fewer statements.`;
      return { __typename: 'StatementTooLong', limit, message };
    }
    default:
      return assertNever(outcome, 'tradingStatementAnswer');
  }
}

function instrumentAnswer(
  { symbol, fillCount, boughtNotional, soldNotional, ...sums }: InstrumentStatement,
  context: OrderContext,
) {
  const scales = scalesOf(context, symbol);
  const money = (amount: Money) => formatMoney(amount, scales.quote);
  return {
    instrument: { symbol },
    symbol,
    fillCount,
    boughtQuantity: formatQuantity(sums.boughtQuantity, scales.quantity),
    soldQuantity: formatQuantity(sums.soldQuantity, scales.quantity),
    boughtNotional: money(boughtNotional),
    soldNotional: money(soldNotional),
    volume: money(moneyOfUnits(boughtNotional + soldNotional)),
    makerVolume: money(sums.makerVolume),
    fees: money(sums.fees),
  };
}

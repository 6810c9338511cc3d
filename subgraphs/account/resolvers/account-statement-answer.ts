import { assertNever } from '#shared/domain/invariant.ts';
import { formatMoney, moneyOfUnits } from '#shared/domain/money.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import {
  type AssetStatement,
  MAX_STATEMENT_ENTRIES,
  type StatementOutcome,
} from '../domain/account-statement.ts';

/** A statement, or that it is too long, as a member of `AccountStatementResult`. */
export function accountStatementAnswer(
  outcome: StatementOutcome,
): Awaited<ResolversTypes['AccountStatementResult']> {
  switch (outcome.kind) {
    case 'statement': {
      const { entryCount, assets } = outcome;
      return { __typename: 'AccountStatement', entryCount, assets: assets.map(assetAnswer) };
    }
    case 'tooLong': {
      const limit = MAX_STATEMENT_ENTRIES;
      const message = `The statements of one request can sum up at most ${limit} ledger entries: ask for a shorter period, or for fewer statements.`;
      return { __typename: 'StatementTooLong', limit, message };
    }
    default:
      return assertNever(outcome, 'accountStatementAnswer');
  }
}

function assetAnswer({ asset, scale, opening, closing, sums }: AssetStatement) {
  return {
    asset: { code: asset },
    openingBalance: formatMoney(opening, scale),
    closingBalance: formatMoney(closing, scale),
    change: formatMoney(moneyOfUnits(closing - opening), scale),
    sums: sums.map(({ type, credits, debits, entryCount }) => ({
      type,
      change: formatMoney(moneyOfUnits(credits - debits), scale),
      credits: formatMoney(credits, scale),
      debits: formatMoney(debits, scale),
      entryCount,
    })),
  };
}

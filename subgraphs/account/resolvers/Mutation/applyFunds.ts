import { formatMoney } from '#shared/domain/money.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { FundsOutcomeKind, MutationResolvers } from '../../__generated__/graphql.ts';
import type { FundsOutcome } from '../../domain/apply-funds.ts';
import { LedgerRefusedError } from '../../domain/ledger-refused-error.ts';
import { parseFundsCommand } from '../parse-funds-command.ts';

/** The most commands of one call. */
const MAX_COMMANDS = 500;

export const applyFunds: NonNullable<MutationResolvers['applyFunds']> = async (
  _parent,
  { commands },
  { viewer, useCases },
) => {
  if (viewer.kind !== 'service' || commands.length > MAX_COMMANDS)
    throw new DomainError(
      DomainErrorCode.BAD_USER_INPUT,
      `At most ${MAX_COMMANDS} commands can be sent in one call; there were ${commands.length}.`,
    );
  const outcomes = await orRefused(
    useCases.applyFunds(viewer.name, commands.map(parseFundsCommand)),
  );
  return outcomes.map(({ id, outcome, replayed }) => ({
    id,
    kind: KINDS[outcome.kind],
    replayed,
    free: outcome.kind === 'insufficientFunds' ? formatMoney(outcome.free) : null,
  }));
};

/** A refusal differs from a store that does not answer: sending the same again cannot help. */
async function orRefused<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof LedgerRefusedError)) throw cause;
    throw new DomainError(DomainErrorCode.BAD_USER_INPUT, cause.message);
  }
}

const KINDS: Readonly<Record<FundsOutcome['outcome']['kind'], FundsOutcomeKind>> = {
  applied: 'APPLIED',
  insufficientFunds: 'INSUFFICIENT_FUNDS',
  accountUnavailable: 'ACCOUNT_UNAVAILABLE',
  accountClosed: 'ACCOUNT_CLOSED',
  holdVoid: 'HOLD_VOID',
};

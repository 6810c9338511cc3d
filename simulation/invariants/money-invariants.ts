import { isDeepStrictEqual } from 'node:util';
import type { AccountId } from '#shared/domain/ids.ts';
import { bodyOf, idOf } from '../../subgraphs/account/domain/ledger-command.ts';
import { keyText, type LedgerChanges } from '../../subgraphs/account/domain/ledger-draft.ts';
import { commandKey } from '../../subgraphs/account/domain/ledger-outcome.ts';
import type { ToldOfMoney } from '../clients/money-mover.ts';
import { sumsBy } from './sums.ts';
import type { Violation } from '../violation.ts';

/**
 * Checks what must hold of users' movements, corrections and closed accounts.
 * @param closedAt how many entries there were when each closed account was closed
 */
export function moneyViolations(
  ledger: LedgerChanges,
  told: readonly ToldOfMoney[],
  closedAt: ReadonlyMap<AccountId, number>,
): readonly Violation[] {
  return [
    ...movedOtherwise(ledger, told),
    ...correctedTooMuch(ledger),
    ...notEmpty(ledger, closedAt),
    ...wrongEvents(ledger),
  ];
}

/** Every answer is the stored one, and what was applied moved its amount once. */
function movedOtherwise(
  { answered, transfers }: LedgerChanges,
  told: readonly ToldOfMoney[],
): readonly Violation[] {
  const stored = new Map(answered.map((one) => [keyText(one.key), one]));
  return told.flatMap(({ issuer, command, answer }): Violation[] => {
    const wrong = (detail: string): Violation[] => [
      { promise: 'told', detail: `${issuer} ${idOf(command)}: ${detail}` },
    ];
    if (answer === 'refused') return wrong('the ledger took it for an invariant');
    const known = stored.get(keyText(commandKey(issuer, command)));
    if (known === undefined) return wrong('it is not stored');
    const isSame = isDeepStrictEqual(known.body, bodyOf(command));
    if (answer.kind === 'conflict') return isSame ? wrong('a conflict with itself') : [];
    if (answer.kind !== 'answered' || !isSame) return wrong(`${answer.kind}, not what is stored`);
    if (!isDeepStrictEqual(known.outcome, answer.outcome)) return wrong('another outcome');
    const separator = command.kind === 'correct' ? '/' : '.';
    const moved = transfers.filter(({ id }) => id === `${issuer}${separator}${idOf(command)}`);
    const wanted = answer.outcome.kind === 'applied' && 'amount' in command ? [command.amount] : [];
    const isMoved = isDeepStrictEqual(
      moved.map(({ amount }) => amount),
      wanted,
    );
    return isMoved ? [] : wrong(`moved ${moved.length} times`);
  });
}

/** Corrections of a movement never exceed it. */
function correctedTooMuch({ transfers }: LedgerChanges): readonly Violation[] {
  const corrections = transfers.filter(({ correction }) => correction !== null);
  const sums = sumsBy(
    corrections,
    ({ correction }) => correction?.corrects ?? '',
    ({ amount }) => amount,
  );
  return transfers
    .filter(({ id, amount }) => (sums.get(id) ?? 0n) > amount)
    .map(({ id }) => ({ promise: 'corrections', detail: `${id} is corrected by too much` }));
}

/** A closed account has nothing, and got nothing after it was closed. */
function notEmpty(
  { balances, entries, holds }: LedgerChanges,
  closedAt: ReadonlyMap<AccountId, number>,
): readonly Violation[] {
  return [...closedAt].flatMap(([accountId, count]): Violation[] => {
    const own = <Row extends { readonly accountId: AccountId }>(rows: readonly Row[]) =>
      rows.filter((row) => row.accountId === accountId);
    const isEmpty =
      own(balances).every(({ total, locked }) => total === 0n && locked === 0n) &&
      own(holds).every(({ status }) => status !== 'PLACED') &&
      own(entries.slice(count)).length === 0;
    return isEmpty
      ? []
      : [{ promise: 'closed', detail: `${accountId} is closed and has something` }];
  });
}

/** Entries and events of an account are numbered without a gap, and its last event shows each balance as it is. */
function wrongEvents({ entries, events, balances }: LedgerChanges): readonly Violation[] {
  const violations: Violation[] = [];
  const wrong = (detail: string) => violations.push({ promise: 'balanceEvents', detail });
  const last = new Map<string, bigint>();
  for (const [accountId, sequence] of [
    ...entries.map((one) => [`${one.accountId} entry`, one.sequence] as const),
    ...events.map((one) => [`${one.accountId} event`, BigInt(one.sequence)] as const),
  ]) {
    if (sequence !== (last.get(accountId) ?? 0n) + 1n) wrong(`${accountId} ${sequence}`);
    last.set(accountId, sequence);
  }
  const shown = new Map(
    events.flatMap(({ accountId, balances: texts }) =>
      texts.map((text) => [`${accountId} ${text.asset}`, text] as const),
    ),
  );
  for (const { accountId, asset, sequence } of balances)
    if (shown.get(`${accountId} ${asset}`)?.sequence !== `${sequence}`)
      wrong(`the ${asset} of ${accountId} is not what its last event shows`);
  return violations;
}

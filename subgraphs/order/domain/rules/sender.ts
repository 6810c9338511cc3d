import type { AccountId, InstrumentSymbol, UserId } from '#shared/domain/ids.ts';

/** Who sends a command, and for which account. */
export interface Sender {
  readonly accountId: AccountId;
  /** Null for a caller that is not a user. */
  readonly userId: UserId | null;
}

/**
 * The names under which a rate counts a sender's commands: the account, however many users share it, and the user, on
 * however many accounts.
 */
export function countedAs({ accountId, userId }: Sender): readonly string[] {
  return userId === null ? [`account ${accountId}`] : [`account ${accountId}`, `user ${userId}`];
}

/** As {@link countedAs}, for each instrument apart. */
export function countedIn(symbol: InstrumentSymbol, sender: Sender): readonly string[] {
  return countedAs(sender).map((name) => `${symbol} ${name}`);
}

import type { Clock } from '#shared/domain/clock.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import {
  privateStream,
  type PrivateStreamItem,
  type PrivateStreamStore,
} from '#shared/events/private-stream.ts';
import { streamControlOf } from '#shared/graphql/stream-control.ts';
import type { AccountReads, BalanceSnapshot } from '../domain/account-reads.ts';
import { type BalanceCause, type BalanceEvent, balanceText } from '../domain/balance-event.ts';
import type { BalanceText } from '../domain/balance-event.ts';

/** All balances of an account, as its stream begins. */
export interface BalanceStreamSnapshot {
  readonly __typename: 'BalanceSnapshot';
  readonly accountId: AccountId;
  readonly balances: readonly BalanceText[];
  readonly sequence: string;
  readonly cursor: string;
}

/** A change of balances with its cause and its place in the stream. */
export interface BalanceStreamChange {
  readonly __typename: 'BalanceChange';
  readonly accountId: AccountId;
  readonly balances: readonly BalanceText[];
  readonly cause: BalanceCause;
  readonly sequence: string;
  readonly previousSequence: string;
  readonly cursor: string;
  readonly at: string;
}

/** A member of the union `BalanceStreamEvent`. */
export type BalanceStreamItem =
  BalanceStreamSnapshot | BalanceStreamChange | ReturnType<typeof streamControlOf>;

/**
 * The balance stream of one account, which the viewer may read: that was asked before.
 * @throws DomainError BAD_USER_INPUT at once, when `after` is not a cursor of this stream
 */
export function balanceStream(options: {
  readonly bus: EventBus;
  readonly accounts: AccountReads;
  readonly clock: Clock;
  readonly accountId: AccountId;
  readonly after: string | null;
  readonly heartbeatMs?: number;
}): AsyncGenerator<BalanceStreamItem, undefined> {
  const { accounts, accountId } = options;
  const store: PrivateStreamStore<BalanceSnapshot> = {
    snapshot: async () => {
      const snapshot = await accounts.balanceSnapshot(accountId);
      return { sequence: snapshot.sequence, snapshot };
    },
    readEvents: (afterSequence, limit) => accounts.balanceEvents(accountId, afterSequence, limit),
    lastSequence: () => accounts.balanceSequence(accountId),
  };
  const items = privateStream({ ...options, topic: 'balance.events', store });
  const shaped: AsyncGenerator<BalanceStreamItem, undefined> = {
    next: async () => {
      const result = await items.next();
      return result.done === true
        ? result
        : { done: false, value: streamItemOf(accountId, result.value) };
    },
    // Passed on at once: a wrapping generator would wait for its own `next` first.
    return: (value) => items.return(undefined).then(() => ({ done: true, value: undefined })),
    throw: (cause: unknown) => items.throw(cause).then(() => ({ done: true, value: undefined })),
    [Symbol.asyncIterator]: () => shaped,
  };
  return shaped;
}

function streamItemOf(
  accountId: AccountId,
  item: PrivateStreamItem<BalanceSnapshot>,
): BalanceStreamItem {
  if (item.kind === 'snapshot') {
    const { snapshot, sequence, cursor } = item;
    const balances = snapshot.balances.map(({ balance, scale }) => balanceText(balance, scale));
    return {
      __typename: 'BalanceSnapshot',
      accountId,
      balances,
      sequence: `${sequence}`,
      cursor,
    };
  }
  if (item.kind !== 'event') return streamControlOf(item);
  // What the ledger stored is what it published: a `BalanceEvent`.
  const { balances, cause, at } = item.event as BalanceEvent;
  return {
    __typename: 'BalanceChange',
    accountId,
    balances,
    cause,
    sequence: `${item.sequence}`,
    previousSequence: `${item.sequence - 1n}`,
    cursor: item.cursor,
    at,
  };
}

import type { Clock } from '#shared/domain/clock.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import {
  privateStream,
  type PrivateStreamItem,
  type PrivateStreamStore,
} from '#shared/events/private-stream.ts';
import type { SendingTurn } from '#shared/events/sending-turns.ts';
import { streamControlOf } from '#shared/graphql/stream-control.ts';
import type { AccountReads, BalanceSnapshot } from '../domain/account-reads.ts';
import {
  type BalanceCause,
  type BalanceEvent,
  type BalanceText,
  balanceText,
} from '../domain/balance-event.ts';

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

/** What the private stream of balances yields before it is shaped for the schema. */
export type RawBalanceStreamItem = PrivateStreamItem<BalanceSnapshot>;

/**
 * The balance stream of one account, which the viewer may read: that was asked before.
 * @throws DomainError BAD_USER_INPUT at once, when `after` is not a cursor of this stream
 */
export function balanceStream(options: {
  readonly bus: EventBus;
  readonly accounts: AccountReads;
  readonly clock: Clock;
  /** Waits for the viewer's turn to be sent many changes. */
  readonly takeTurn: () => Promise<SendingTurn>;
  readonly accountId: AccountId;
  readonly after: string | null;
}): AsyncGenerator<RawBalanceStreamItem, undefined> {
  const { accounts, accountId } = options;
  const store: PrivateStreamStore<BalanceSnapshot> = {
    snapshot: async () => {
      const snapshot = await accounts.balanceSnapshot(accountId);
      return { sequence: snapshot.sequence, snapshot };
    },
    readEvents: (afterSequence, limit) => accounts.balanceEvents(accountId, afterSequence, limit),
    lastSequence: () => accounts.balanceSequence(accountId),
  };
  return privateStream({ ...options, topic: 'balance.events', streamId: accountId, store });
}

/** Shapes an item of the stream as the union `BalanceStreamEvent` has it. */
export function balanceStreamItemOf(
  accountId: AccountId,
  item: RawBalanceStreamItem,
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

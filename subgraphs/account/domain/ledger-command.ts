import type {
  AccountId,
  AssetCode,
  FillId,
  HoldChangeId,
  HoldId,
  OrderId,
  TradeId,
  TransferId,
  UserId,
} from '#shared/domain/ids.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import { formatMoney, type Money } from '#shared/domain/money.ts';
import { DESK_ACCOUNTS } from './account.ts';
import type { Transfer } from './ledger-entry.ts';

/** Places a hold for an order. */
export interface PlaceHold {
  readonly kind: 'placeHold';
  readonly holdId: HoldId;
  readonly accountId: AccountId;
  readonly asset: AssetCode;
  readonly amount: Money;
  readonly orderId: OrderId;
}

/** Releases what is left of a hold. */
export interface ReleaseHold {
  readonly kind: 'releaseHold';
  readonly holdId: HoldId;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
}

/** Grows an order's hold, or releases a part of it. */
export interface ResizeHold {
  readonly kind: 'growHold' | 'shrinkHold';
  readonly changeId: HoldChangeId;
  readonly holdId: HoldId;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  /** By how much, in the hold's asset. */
  readonly amount: Money;
}

/** One side of a trade. `fee` is in the quote asset; `release` is in what the hold is in. */
export interface SettleSide {
  readonly accountId: AccountId;
  readonly orderId: OrderId | null;
  readonly fillId: FillId;
  /** The hold that pays; null if it is paid from what is free. */
  readonly holdId: HoldId | null;
  readonly fee: Money;
  readonly release: Money;
}

/** Base from seller to buyer, quote from buyer to seller, a fee from each to the fees account. */
export interface SettleTrade {
  readonly kind: 'settleTrade';
  readonly tradeId: TradeId;
  readonly base: AssetCode;
  readonly quote: AssetCode;
  /** In the base asset. */
  readonly quantity: Money;
  /** In the quote asset. */
  readonly cost: Money;
  readonly buyer: SettleSide;
  readonly seller: SettleSide;
}

/** Moves a user's money: in from outside, out, or between two accounts. */
export interface MoveMoney {
  readonly kind: 'deposit' | 'withdraw' | 'transfer';
  readonly transferId: TransferId;
  readonly from: AccountId;
  readonly to: AccountId;
  readonly asset: AssetCode;
  readonly amount: Money;
  /** The saved address to which a withdrawal goes; null or omitted for none. */
  readonly addressId?: string | null;
}

/** Corrects a movement, or a part of it, by an opposite one; the first one stays. */
export interface CorrectMovement {
  readonly kind: 'correct';
  readonly correctionId: TransferId;
  /** The corrected movement as it is stored: such rows never change. */
  readonly corrects: Pick<Transfer, 'id' | 'asset' | 'amount' | 'from' | 'to'>;
  readonly amount: Money;
  readonly reason: string;
  /** The desk's user who requested it. */
  readonly actor: UserId;
}

/** What a user asks for. */
export type UserCommand = MoveMoney | CorrectMovement;

/** Everything that changes a balance. Its maker chooses its id, and it takes effect once. */
export type LedgerCommand = PlaceHold | ReleaseHold | ResizeHold | SettleTrade | UserCommand;

/**
 * Whether a command is a user's, whose mistakes are refused; a service's mistakes fail its call.
 */
export function isOfUser(command: LedgerCommand): boolean {
  return isMoveMoney(command) || command.kind === 'correct';
}

/** Whether a command moves a user's money. */
export function isMoveMoney(command: LedgerCommand): command is MoveMoney {
  return 'transferId' in command;
}

/** The maker's id of a command; unique per maker and kind. */
export function idOf(command: LedgerCommand): string {
  switch (command.kind) {
    case 'placeHold':
    case 'releaseHold':
      return command.holdId;
    case 'growHold':
    case 'shrinkHold':
      return command.changeId;
    case 'settleTrade':
      return command.tradeId;
    case 'deposit':
    case 'withdraw':
    case 'transfer':
      return command.transferId;
    case 'correct':
      return command.correctionId;
    default:
      return assertNever(command, 'idOf');
  }
}

/** The accounts that a command can change, desk accounts included; some may not exist. */
export function accountsOf(command: LedgerCommand): readonly AccountId[] {
  switch (command.kind) {
    case 'placeHold':
    case 'releaseHold':
    case 'growHold':
    case 'shrinkHold':
      return [command.accountId];
    case 'settleTrade':
      return [command.buyer.accountId, command.seller.accountId, DESK_ACCOUNTS.FEES];
    case 'deposit':
    case 'withdraw':
    case 'transfer':
      return [command.from, command.to];
    case 'correct':
      return [command.corrects.from, command.corrects.to];
    default:
      return assertNever(command, 'accountsOf');
  }
}

/** The holds that a command names; some may not exist. */
export function holdsOf(command: LedgerCommand): readonly HoldId[] {
  switch (command.kind) {
    case 'placeHold':
    case 'releaseHold':
    case 'growHold':
    case 'shrinkHold':
      return [command.holdId];
    case 'settleTrade':
      return [command.buyer.holdId, command.seller.holdId].filter((id) => id !== null);
    case 'deposit':
    case 'withdraw':
    case 'transfer':
    case 'correct':
      return [];
    default:
      return assertNever(command, 'holdsOf');
  }
}

/** The assets that a command names; a change of a hold is in the asset of the hold. */
export function assetsOf(command: LedgerCommand): readonly AssetCode[] {
  switch (command.kind) {
    case 'placeHold':
    case 'deposit':
    case 'withdraw':
    case 'transfer':
      return [command.asset];
    case 'settleTrade':
      return [command.base, command.quote];
    case 'correct':
      return [command.corrects.asset];
    case 'releaseHold':
    case 'growHold':
    case 'shrinkHold':
      return [];
    default:
      return assertNever(command, 'assetsOf');
  }
}

/** A command's content as flat text: two commands are the same exactly if these are equal. */
export type CommandBody = Readonly<Record<string, string | null>>;

/** Writes the content of a command. Amounts lose their trailing zeros, so `1.50` equals `1.5`. */
export function bodyOf(command: LedgerCommand): CommandBody {
  switch (command.kind) {
    case 'placeHold': {
      const { accountId, asset, amount, orderId } = command;
      return { accountId, asset, amount: formatMoney(amount), orderId };
    }
    case 'releaseHold':
      return { accountId: command.accountId, orderId: command.orderId };
    case 'growHold':
    case 'shrinkHold': {
      const { holdId, accountId, orderId, amount } = command;
      return { holdId, accountId, orderId, amount: formatMoney(amount) };
    }
    case 'settleTrade': {
      const { base, quote, quantity, cost, buyer, seller } = command;
      const amounts = { quantity: formatMoney(quantity), cost: formatMoney(cost) };
      return {
        base,
        quote,
        ...amounts,
        ...sideBody('buyer', buyer),
        ...sideBody('seller', seller),
      };
    }
    case 'deposit':
    case 'withdraw':
    case 'transfer':
      return moneyBody(command);
    case 'correct': {
      const { corrects, amount, reason } = command;
      return { entry: corrects.id, amount: formatMoney(amount), reason };
    }
    default:
      return assertNever(command, 'bodyOf');
  }
}

/** A command's id and content as one text: with it the command takes effect once. */
export function textOf(command: LedgerCommand): string {
  return JSON.stringify([idOf(command), bodyOf(command)]);
}

/** By the names of the input's fields, because a conflict names those that differ. */
function moneyBody({ kind, from, to, asset, amount, addressId }: MoveMoney): CommandBody {
  const rest = { mutation: kind, asset, amount: formatMoney(amount) };
  switch (kind) {
    case 'deposit':
      return { accountId: to, ...rest };
    case 'withdraw':
      // Without one as it was stored before there were addresses.
      return { accountId: from, ...rest, ...(addressId == null ? {} : { addressId }) };
    case 'transfer':
      return { fromAccountId: from, toAccountId: to, ...rest };
    default:
      return assertNever(kind, 'moneyBody');
  }
}

function sideBody(name: 'buyer' | 'seller', side: SettleSide): CommandBody {
  const { accountId, orderId, fillId, holdId, fee, release } = side;
  const texts = { accountId, orderId, fillId, holdId };
  const fields = { ...texts, fee: formatMoney(fee), release: formatMoney(release) };
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [`${name}.${field}`, value]),
  );
}

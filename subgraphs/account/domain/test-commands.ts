import {
  type AccountId,
  parseAccountId,
  parseAssetCode,
  parseFillId,
  parseHoldChangeId,
  parseHoldId,
  parseOrderId,
  parseTradeId,
  parseTransferId,
  trusted,
} from '#shared/domain/ids.ts';
import { type Money, parseMoney, ZERO_MONEY } from '#shared/domain/money.ts';
import { DESK_ACCOUNTS } from './account.ts';
import type {
  MoveMoney,
  PlaceHold,
  ReleaseHold,
  ResizeHold,
  SettleSide,
  SettleTrade,
} from './ledger-command.ts';

/** An amount written as text. */
export function money(text: string): Money {
  return parseMoney(text) ?? ZERO_MONEY;
}

/** An account id written as text. */
export function accountId(text: string): AccountId {
  return trusted(parseAccountId, text);
}

/** An asset's code written as text. */
export const asset = (code: string) => trusted(parseAssetCode, code);

/** A movement from outside into an account. */
export function deposit(id: string, to: string, amount: string, code = 'USDT'): MoveMoney {
  return {
    kind: 'deposit',
    transferId: trusted(parseTransferId, id),
    from: DESK_ACCOUNTS.EXTERNAL,
    to: accountId(to),
    asset: asset(code),
    amount: money(amount),
  };
}

/** A movement out of an account. */
export function withdraw(id: string, from: string, amount: string, code = 'USDT'): MoveMoney {
  const { transferId, amount: units } = deposit(id, from, amount);
  const ends = { from: accountId(from), to: DESK_ACCOUNTS.EXTERNAL };
  return { kind: 'withdraw', transferId, ...ends, asset: asset(code), amount: units };
}

/** A movement between two accounts. */
export function transfer(id: string, from: string, to: string, amount: string): MoveMoney {
  return { ...deposit(id, to, amount), kind: 'transfer', from: accountId(from) };
}

/** A hold, named like its order. */
export function placeHold(id: string, account: string, amount: string, code = 'USDT'): PlaceHold {
  return {
    kind: 'placeHold',
    holdId: trusted(parseHoldId, id),
    accountId: accountId(account),
    asset: asset(code),
    amount: money(amount),
    orderId: trusted(parseOrderId, id),
  };
}

/** The release of a hold. */
export function releaseHold(id: string, account: string): ReleaseHold {
  return {
    kind: 'releaseHold',
    holdId: trusted(parseHoldId, id),
    accountId: accountId(account),
    orderId: trusted(parseOrderId, id),
  };
}

/** A change of a hold that is named like its order. */
export function resizeHold(
  kind: ResizeHold['kind'],
  changeId: string,
  id: string,
  account: string,
  amount: string,
): ResizeHold {
  return {
    kind,
    changeId: trusted(parseHoldChangeId, changeId),
    holdId: trusted(parseHoldId, id),
    accountId: accountId(account),
    orderId: trusted(parseOrderId, id),
    amount: money(amount),
  };
}

/** One side of a trade of BTC for USDT; without a hold it pays from what is free. */
export function side(
  account: string,
  options: { readonly hold?: string; readonly fee?: string; readonly release?: string } = {},
): SettleSide {
  const { hold, fee = '0', release = '0' } = options;
  return {
    accountId: accountId(account),
    orderId: hold === undefined ? null : trusted(parseOrderId, hold),
    fillId: trusted(parseFillId, `fill-${account}`),
    holdId: hold === undefined ? null : trusted(parseHoldId, hold),
    fee: money(fee),
    release: money(release),
  };
}

/** A trade of BTC for USDT. */
export function settleTrade(
  id: string,
  trade: {
    readonly quantity: string;
    readonly cost: string;
    readonly buyer: SettleSide;
    readonly seller: SettleSide;
  },
): SettleTrade {
  const { quantity, cost, buyer, seller } = trade;
  return {
    kind: 'settleTrade',
    tradeId: trusted(parseTradeId, id),
    base: asset('BTC'),
    quote: asset('USDT'),
    quantity: money(quantity),
    cost: money(cost),
    buyer,
    seller,
  };
}

import {
  parseAccountId,
  parseAssetCode,
  parseFillId,
  parseHoldChangeId,
  parseHoldId,
  parseOrderId,
  parseTradeId,
} from '#shared/domain/ids.ts';
import { type Money, parseMoney } from '#shared/domain/money.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type {
  FundsCommandInput,
  PlaceHoldInput,
  ReleaseHoldInput,
  ResizeHoldInput,
  SettleSideInput,
  SettleTradeInput,
} from '../__generated__/graphql.ts';
import { DESK_ACCOUNTS } from '../domain/account.ts';
import type {
  LedgerCommand,
  PlaceHold,
  ReleaseHold,
  ResizeHold,
  SettleSide,
  SettleTrade,
} from '../domain/ledger-command.ts';

/**
 * Reads one command of a service.
 * @throws DomainError BAD_USER_INPUT for a malformed id, or not exactly one member
 */
export function parseFundsCommand(
  input: FundsCommandInput,
): Exclude<LedgerCommand, { kind: 'deposit' | 'withdraw' | 'transfer' | 'correct' }> {
  const { placeHold, settleTrade, growHold, shrinkHold, releaseHold } = input;
  const commands = [
    placeHold == null ? null : parsePlaceHold(placeHold),
    settleTrade == null ? null : parseSettleTrade(settleTrade),
    growHold == null ? null : parseResizeHold('growHold', growHold),
    shrinkHold == null ? null : parseResizeHold('shrinkHold', shrinkHold),
    releaseHold == null ? null : parseReleaseHold(releaseHold),
  ].filter((command) => command !== null);
  const [command, ...more] = commands;
  if (command === undefined || more.length > 0) return refuse('a command has exactly one member');
  return command;
}

function parsePlaceHold(input: PlaceHoldInput): PlaceHold {
  return {
    kind: 'placeHold',
    holdId: read(parseHoldId, input.holdId),
    accountId: read(parseAccountId, input.accountId),
    asset: read(parseAssetCode, input.asset),
    amount: read(parseMoney, input.amount),
    orderId: read(parseOrderId, input.orderId),
  };
}

function parseResizeHold(kind: ResizeHold['kind'], input: ResizeHoldInput): ResizeHold {
  return {
    kind,
    changeId: read(parseHoldChangeId, input.changeId),
    holdId: read(parseHoldId, input.holdId),
    accountId: read(parseAccountId, input.accountId),
    orderId: read(parseOrderId, input.orderId),
    amount: read(parseMoney, input.amount),
  };
}

function parseReleaseHold(input: ReleaseHoldInput): ReleaseHold {
  return {
    kind: 'releaseHold',
    holdId: read(parseHoldId, input.holdId),
    accountId: read(parseAccountId, input.accountId),
    orderId: read(parseOrderId, input.orderId),
  };
}

function parseSettleTrade(input: SettleTradeInput): SettleTrade {
  return {
    kind: 'settleTrade',
    tradeId: read(parseTradeId, input.tradeId),
    base: read(parseAssetCode, input.base),
    quote: read(parseAssetCode, input.quote),
    quantity: read(parseMoney, input.quantity),
    cost: read(parseMoney, input.cost),
    buyer: parseSide(input.buyer),
    seller: parseSide(input.seller),
  };
}

function parseSide(input: SettleSideInput): SettleSide {
  const { accountId, orderId, holdId } = input;
  return {
    accountId: accountId == null ? DESK_ACCOUNTS.HOUSE : read(parseAccountId, accountId),
    orderId: orderId == null ? null : read(parseOrderId, orderId),
    fillId: read(parseFillId, input.fillId),
    holdId: holdId == null ? null : read(parseHoldId, holdId),
    fee: read(parseMoney, input.fee),
    release: read(parseMoney, input.release),
  };
}

function read<Value extends string | Money>(
  parse: (text: string) => Value | null,
  text: string,
): Value {
  return parse(text) ?? refuse(`${JSON.stringify(text)} is malformed`);
}

function refuse(message: string): never {
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, `Condition failed: ${message}.`);
}

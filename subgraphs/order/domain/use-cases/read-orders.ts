import { parseClientOrderId, parseInstrumentSymbol, parseOrderId } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import { type AccountAccess, permittedAccount } from '../account-access.ts';
import { firstDayOf } from '../daily-volume.ts';
import { type FeeTier, feeTierOf } from '../fee-tier.ts';
import type { RecordedFill, RecordedOrder } from '../order-event.ts';
import type { OrderFilter, OrderReads, PageAsk } from '../ports/order-reads.ts';
import type { OrderStatus } from '../order.ts';
import type { Period } from '#shared/domain/period.ts';
import type { Position } from '../position.ts';
import type { TradingStatementOutcome } from '../trading-statement.ts';

/** Who asks, and where the answers are read. */
export interface Reader {
  readonly access: AccountAccess;
  readonly reads: OrderReads;
}

/** Which orders to list, as received; an omitted or null field is no condition. */
export interface OrderListing {
  readonly symbol?: string | null | undefined;
  readonly statuses?: readonly OrderStatus[] | null | undefined;
  readonly isOpen?: boolean | null | undefined;
  readonly isClosed?: boolean | null | undefined;
  /** A malformed one is of no order. */
  readonly clientOrderIds?: readonly string[] | null | undefined;
  readonly period: Period;
}

/** Which fills to list, as received; an omitted or null field is no condition. */
export interface FillListing {
  readonly symbol?: string | null | undefined;
  readonly period: Period;
}

/** One order; null for a nonexistent one and for someone else's. */
export async function readOrder(
  { access, reads }: Reader,
  id: string,
): Promise<RecordedOrder | null> {
  const orderId = parseOrderId(id);
  const order = orderId === null ? null : await reads.order(orderId);
  return order !== null && access.mayRead(order.accountId) ? order : null;
}

/** As {@link readOrder}, by the client's own id. */
export async function readOrderByClientOrderId(
  { access, reads }: Reader,
  account: string,
  clientId: string,
): Promise<RecordedOrder | null> {
  const accountId = permittedAccount(account, access.mayRead);
  const clientOrderId = parseClientOrderId(clientId);
  if (accountId === null || clientOrderId === null) return null;
  return reads.orderByClientOrderId({ accountId, clientOrderId });
}

/** An account's orders, newest first; none for a nonexistent account and for someone else's. */
export async function listOrders(
  { access, reads }: Reader,
  account: string,
  listing: OrderListing,
  page: PageAsk,
): Promise<readonly RecordedOrder[]> {
  const accountId = permittedAccount(account, access.mayRead);
  const filter = filterOf(listing);
  if (accountId === null || filter === null) return [];
  return reads.orders(accountId, filter, page);
}

/** An account's fills, newest first; none for a nonexistent account and for someone else's. */
export async function listFills(
  { access, reads }: Reader,
  account: string,
  { symbol: symbolText, period }: FillListing,
  page: PageAsk,
): Promise<readonly RecordedFill[]> {
  const accountId = permittedAccount(account, access.mayRead);
  const symbol = symbolText == null ? null : parseInstrumentSymbol(symbolText);
  const isUnknown = symbolText != null && symbol === null;
  if (accountId === null || isUnknown) return [];
  return reads.fills(accountId, { symbol, period }, page);
}

/** What an account traded in a period. @returns null for an account that the viewer cannot read */
export async function readTradingStatement(
  { access, reads }: Reader,
  account: string,
  period: Period,
): Promise<TradingStatementOutcome | null> {
  const accountId = permittedAccount(account, access.mayRead);
  if (accountId === null) return null;
  return reads.tradingStatement({ accountId, period });
}

/** An account's positions, by symbol; none for a nonexistent account and for someone else's. */
export async function listPositions(
  { access, reads }: Reader,
  account: string,
): Promise<readonly Position[]> {
  const accountId = permittedAccount(account, access.mayRead);
  return accountId === null ? [] : reads.positions(accountId);
}

/** One position by its id; null for a nonexistent one and for someone else's. */
export async function readPosition(reader: Reader, id: string): Promise<Position | null> {
  const [account = '', symbol] = id.split('/', 2);
  const positions = await listPositions(reader, account);
  return positions.find((position) => position.symbol === symbol) ?? null;
}

/** The opaque id of a position; `/` occurs in neither part. */
export function positionId({ accountId, symbol }: Position): string {
  return `${accountId}/${symbol}`;
}

/** Null if nothing can be found by it. */
function filterOf(listing: OrderListing): OrderFilter | null {
  const { symbol: text, statuses = null, isOpen = null, isClosed = null, period } = listing;
  const symbol = text == null ? null : parseInstrumentSymbol(text);
  if (text != null && symbol === null) return null;
  const ids = listing.clientOrderIds?.flatMap((id) => parseClientOrderId(id) ?? []);
  return { symbol, statuses, isOpen, isClosed, clientOrderIds: ids ?? null, period };
}

/**
 * An account's fee tier, and its volume.
 * @returns null for an account that the viewer cannot read
 */
export async function readFeeTier(
  { access, reads }: Reader,
  account: string,
  nowMs: number,
): Promise<{ readonly tier: FeeTier; readonly thirtyDayVolume: Money } | null> {
  const accountId = permittedAccount(account, access.mayRead);
  if (accountId === null) return null;
  const thirtyDayVolume = await reads.tierVolumeSince(accountId, firstDayOf(nowMs));
  return { tier: feeTierOf(thirtyDayVolume), thirtyDayVolume };
}

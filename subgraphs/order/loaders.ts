import { LazyLoader } from '#shared/graphql/lazy-loader.ts';
import type { AccountId, InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import { type Money, ZERO_MONEY } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import { TIER_ASSET } from './domain/fee-tier.ts';
import type { RecordedFill, RecordedOrder } from './domain/order-event.ts';
import type { ClientOrderKey } from './domain/ports/order-journal.ts';
import {
  type FillFilter,
  firstRows,
  type FirstRows,
  MOST_WITH_ORDER,
  type OrderFilter,
  type OrderReads,
  type PageAsk,
  type TimedPosition,
} from './domain/ports/order-reads.ts';
import type { Position } from './domain/position.ts';
import type { TradingStatementKey, TradingStatementOutcome } from './domain/trading-statement.ts';
import type { PreventedMatch } from './domain/prevented-match.ts';
import { groupBy, pageLoader, type PageKey } from './page-loader.ts';
import type { OrderQueries } from './store/order-queries.ts';

/** A page of one order's list. */
type OrderPageKey<Position> = PageKey<OrderId, null, Position>;
/** A page of one account's list. */
type AccountPageKey<Filter> = PageKey<AccountId, Filter, bigint>;

/** One more than an order shows, which says whether there are more. */
const MOST_READ = MOST_WITH_ORDER + 1;

interface VolumeKey {
  readonly accountId: AccountId;
  /** The same in one request, but for one that is under way at midnight. */
  readonly firstDay: number;
}

/**
 * The reads of one request: what is asked for in one round of resolvers is one statement, however
 * many accounts and orders it is for, and nothing is read twice.
 */
export class OrderLoaders implements OrderReads {
  readonly #orders: LazyLoader<OrderId, RecordedOrder | null>;
  readonly #clientOrders: LazyLoader<ClientOrderKey, RecordedOrder | null, string>;
  readonly #orderPages: LazyLoader<AccountPageKey<OrderFilter>, readonly RecordedOrder[], string>;
  readonly #firstFills: LazyLoader<OrderId, FirstRows<RecordedFill>>;
  readonly #orderFillPages: LazyLoader<OrderPageKey<bigint>, readonly RecordedFill[], string>;
  readonly #firstPrevented: LazyLoader<OrderId, FirstRows<PreventedMatch>>;
  readonly #preventedPages: LazyLoader<
    OrderPageKey<TimedPosition>,
    readonly PreventedMatch[],
    string
  >;
  readonly #fillPages: LazyLoader<AccountPageKey<FillFilter>, readonly RecordedFill[], string>;
  readonly #volumes: LazyLoader<VolumeKey, Money, string>;
  readonly #lastPrices: LazyLoader<InstrumentSymbol, Price | null>;
  readonly #positions: LazyLoader<AccountId, readonly Position[]>;
  readonly #statements: LazyLoader<TradingStatementKey, TradingStatementOutcome>;

  constructor(queries: OrderQueries) {
    this.#orders = new LazyLoader(async (ids) => {
      const orders = new Map((await queries.ordersById(ids)).map((order) => [order.id, order]));
      return ids.map((id) => orders.get(id) ?? null);
    });
    this.#clientOrders = new LazyLoader(
      async (keys) => {
        const orders = await queries.ordersByClientOrderId(keys);
        const byKey = new Map(orders.map((order) => [clientOrderKeyText(order), order]));
        return keys.map((key) => byKey.get(clientOrderKeyText(key)) ?? null);
      },
      { cacheKeyFn: clientOrderKeyText },
    );
    this.#orderPages = pageLoader(async (ids, filter, page) =>
      groupBy(await queries.orderPages(ids, filter, page), ({ accountId }) => accountId),
    );
    this.#fillPages = pageLoader(async (ids, filter, page) =>
      groupBy(await queries.fillPages(ids, filter, page), ({ accountId }) => accountId),
    );
    this.#firstFills = new LazyLoader(async (ids) => {
      const fills = groupBy(await queries.firstFillsOfOrders(ids, MOST_READ), orderOf);
      return ids.map((id) => firstRows(fills.get(id) ?? [], MOST_WITH_ORDER));
    });
    this.#orderFillPages = pageLoader(async (ids, _filter, page) =>
      groupBy(await queries.fillPagesOfOrders(ids, page), orderOf),
    );
    this.#firstPrevented = new LazyLoader(async (ids) => {
      const matches = await queries.firstPreventedMatches(ids, MOST_READ);
      return ids.map((id) => firstRows(matches.get(id) ?? [], MOST_WITH_ORDER));
    });
    this.#preventedPages = pageLoader((ids, _filter, page) =>
      queries.preventedMatchPages(ids, page),
    );
    this.#volumes = new LazyLoader(
      async (keys) => {
        const firstDay = Math.min(...keys.map((key) => key.firstDay));
        const volumes = await queries.volumesSince(
          keys.map(({ accountId }) => accountId),
          TIER_ASSET,
          firstDay,
        );
        return keys.map(({ accountId }) => volumes.get(accountId) ?? ZERO_MONEY);
      },
      { cacheKeyFn: ({ accountId, firstDay }) => `${accountId}/${firstDay}` },
    );
    this.#lastPrices = new LazyLoader(async (symbols) => {
      const last = new Map(
        (await queries.lastPrices(symbols)).map(({ symbol, price }) => [symbol, price]),
      );
      return symbols.map((symbol) => last.get(symbol) ?? null);
    });
    this.#statements = new LazyLoader(async (keys) => [...(await queries.tradingStatements(keys))]);
    this.#positions = new LazyLoader(async (ids) => {
      const positions = await queries.positionsOfAccounts(ids);
      const byAccount = groupBy(positions, ({ accountId }) => accountId);
      return ids.map((id) => byAccount.get(id) ?? []);
    });
  }

  /** Reads everything again from now on. */
  forget(): void {
    this.#orders.clearAll();
    this.#clientOrders.clearAll();
    this.#orderPages.clearAll();
    this.#firstFills.clearAll();
    this.#orderFillPages.clearAll();
    this.#firstPrevented.clearAll();
    this.#preventedPages.clearAll();
    this.#fillPages.clearAll();
    this.#volumes.clearAll();
    this.#lastPrices.clearAll();
    this.#positions.clearAll();
    this.#statements.clearAll();
  }

  tradingStatement(key: TradingStatementKey): Promise<TradingStatementOutcome> {
    return this.#statements.load(key);
  }

  order(orderId: OrderId): Promise<RecordedOrder | null> {
    return this.#orders.load(orderId);
  }

  orderByClientOrderId(key: ClientOrderKey): Promise<RecordedOrder | null> {
    return this.#clientOrders.load(key);
  }

  orders(
    accountId: AccountId,
    filter: OrderFilter,
    page: PageAsk,
  ): Promise<readonly RecordedOrder[]> {
    return this.#orderPages.load({ id: accountId, filter, page });
  }

  /** What an order shows of its fills. */
  firstFills(orderId: OrderId): Promise<FirstRows<RecordedFill>> {
    return this.#firstFills.load(orderId);
  }

  /** An order's fills, newest first. */
  fillsOfOrder(id: OrderId, page: PageAsk): Promise<readonly RecordedFill[]> {
    return this.#orderFillPages.load({ id, filter: null, page });
  }

  /** What an order shows of the matches that were prevented on either of its sides. */
  firstPreventedMatches(orderId: OrderId): Promise<FirstRows<PreventedMatch>> {
    return this.#firstPrevented.load(orderId);
  }

  /** An order's prevented matches, newest first. */
  preventedMatchesOfOrder(
    id: OrderId,
    page: PageAsk<TimedPosition>,
  ): Promise<readonly PreventedMatch[]> {
    return this.#preventedPages.load({ id, filter: null, page });
  }

  fills(accountId: AccountId, filter: FillFilter, page: PageAsk): Promise<readonly RecordedFill[]> {
    return this.#fillPages.load({ id: accountId, filter, page });
  }

  tierVolumeSince(accountId: AccountId, firstDay: number): Promise<Money> {
    return this.#volumes.load({ accountId, firstDay });
  }

  lastPrice(symbol: InstrumentSymbol): Promise<Price | null> {
    return this.#lastPrices.load(symbol);
  }

  positions(accountId: AccountId): Promise<readonly Position[]> {
    return this.#positions.load(accountId);
  }

  /** Saves the look-up of fills that are known already. */
  knowFills(orderId: OrderId, fills: readonly RecordedFill[]): void {
    this.#firstFills.prime(orderId, firstRows(fills, MOST_WITH_ORDER));
  }
}

function orderOf({ orderId }: RecordedFill): OrderId {
  return orderId;
}

function clientOrderKeyText({ accountId, clientOrderId }: ClientOrderKey): string {
  return `${accountId}/${clientOrderId}`;
}

import { LazyLoader } from '#shared/graphql/lazy-loader.ts';
import type { AccountId, InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import { type Money, ZERO_MONEY } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import { TIER_ASSET } from './domain/fee-tier.ts';
import type { RecordedFill, RecordedOrder } from './domain/order-event.ts';
import type { ClientOrderKey } from './domain/order-journal.ts';
import type { FillFilter, OrderFilter, OrderReads, PageAsk } from './domain/order-reads.ts';
import type { Position } from './domain/position.ts';
import type { TradingStatementKey, TradingStatementOutcome } from './domain/trading-statement.ts';
import type { PreventedMatch } from './domain/prevented-match.ts';
import type { OrderQueries } from './store/order-queries.ts';

interface PageKey<Filter> {
  readonly accountId: AccountId;
  readonly filter: Filter;
  readonly page: PageAsk;
}

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
  readonly #orderPages: LazyLoader<PageKey<OrderFilter>, readonly RecordedOrder[], string>;
  readonly #orderFills: LazyLoader<OrderId, readonly RecordedFill[]>;
  readonly #preventedMatches: LazyLoader<OrderId, readonly PreventedMatch[]>;
  readonly #fillPages: LazyLoader<PageKey<FillFilter>, readonly RecordedFill[], string>;
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
    this.#orderPages = pageLoader((ids, filter, page) => queries.orderPages(ids, filter, page));
    this.#fillPages = pageLoader((ids, filter, page) => queries.fillPages(ids, filter, page));
    this.#orderFills = new LazyLoader(async (ids) => {
      const fills = groupBy(await queries.fillsOfOrders(ids), ({ orderId }) => orderId);
      return ids.map((id) => fills.get(id) ?? []);
    });
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
    this.#preventedMatches = new LazyLoader(async (ids) => {
      const matches = await queries.preventedMatchesOfOrders(ids);
      return ids.map((id) =>
        matches.filter((match) => match.takerOrderId === id || match.makerOrderId === id),
      );
    });
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
    this.#orderFills.clearAll();
    this.#preventedMatches.clearAll();
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
    return this.#orderPages.load({ accountId, filter, page });
  }

  fillsOfOrder(orderId: OrderId): Promise<readonly RecordedFill[]> {
    return this.#orderFills.load(orderId);
  }

  preventedMatchesOfOrder(orderId: OrderId): Promise<readonly PreventedMatch[]> {
    return this.#preventedMatches.load(orderId);
  }

  fills(accountId: AccountId, filter: FillFilter, page: PageAsk): Promise<readonly RecordedFill[]> {
    return this.#fillPages.load({ accountId, filter, page });
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

  /** Spares the look-up of fills that are known already. */
  knowFills(orderId: OrderId, fills: readonly RecordedFill[]): void {
    this.#orderFills.prime(orderId, fills);
  }
}

/** One statement for all accounts that are asked for the same page with the same filter. */
function pageLoader<Filter, Row extends { readonly accountId: AccountId }>(
  read: (
    accountIds: readonly AccountId[],
    filter: Filter,
    page: PageAsk,
  ) => Promise<readonly Row[]>,
): LazyLoader<PageKey<Filter>, readonly Row[], string> {
  const readGroup = async (keys: readonly PageKey<Filter>[]) => {
    const [{ filter, page }] = keys as readonly [PageKey<Filter>];
    const rows = await read(
      keys.map(({ accountId }) => accountId),
      filter,
      page,
    );
    const byAccount = groupBy(rows, ({ accountId }) => accountId);
    return keys.map((key): [string, readonly Row[]] => [
      pageKeyText(key),
      byAccount.get(key.accountId) ?? [],
    ]);
  };
  return new LazyLoader<PageKey<Filter>, readonly Row[], string>(
    async (keys) => {
      const groups = groupBy(keys, (key) => pageText(key));
      const pages = new Map((await Promise.all(Array.from(groups.values(), readGroup))).flat());
      return keys.map((key) => pages.get(pageKeyText(key)) ?? []);
    },
    { cacheKeyFn: pageKeyText },
  );
}

function pageKeyText(key: PageKey<unknown>): string {
  return `${key.accountId} ${pageText(key)}`;
}

function pageText({ filter, page }: PageKey<unknown>): string {
  return JSON.stringify([filter, page.limit, page.after?.toString()]);
}

function clientOrderKeyText({ accountId, clientOrderId }: ClientOrderKey): string {
  return `${accountId}/${clientOrderId}`;
}

function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

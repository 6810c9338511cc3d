import type { AccountId } from '#shared/domain/ids.ts';
import { SCOPES, type Scope, type Trader } from '#shared/identity/viewer.ts';
import type { TestDesk } from './test-desk.ts';

/** A client with one account; speaks to the subgraphs as the gateway does on its behalf. */
export class TestTrader {
  readonly accountId: AccountId;
  readonly viewer: Trader;
  readonly #desk: TestDesk;
  #orders = 0;

  constructor(desk: TestDesk, accountId: AccountId, scopes: readonly Scope[] = SCOPES) {
    this.#desk = desk;
    this.accountId = accountId;
    this.viewer = traderViewer([accountId], scopes);
  }

  /** Asks the order subgraph. */
  query<Data>(query: string, variables: Readonly<Record<string, unknown>> = {}) {
    return this.#desk.query<Data>(query, variables, this.viewer);
  }

  /** An input of `placeOrder` for a LIMIT order, like `limit('BUY', '0.5', '60000')`. */
  limit(side: 'BUY' | 'SELL', quantity: string, limitPrice: string, more: LimitOptions = {}) {
    const { clientOrderId = this.nextId(), symbol = 'BTC-USDT', timeInForce = 'GTC' } = more;
    const terms = { limit: { quantity, limitPrice, timeInForce } };
    return { accountId: this.accountId, clientOrderId, symbol, side, terms };
  }

  /** An input of `placeOrder` for a MARKET order. */
  market(side: 'BUY' | 'SELL', quantity: string) {
    const terms = { market: { quantity } };
    const clientOrderId = this.nextId();
    return { accountId: this.accountId, clientOrderId, symbol: 'BTC-USDT', side, terms };
  }

  /** A clientOrderId that was not used yet. */
  nextId(): string {
    return `o-${(this.#orders += 1)}`;
  }

  /** Places an order, whatever becomes of it. */
  async place(input: object): Promise<PlaceAnswer> {
    const { data, errors } = await this.query<{ placeOrder: PlaceAnswer }>(PLACE, { input });
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.placeOrder;
  }

  /** Cancels an order by its id. */
  async cancel(id: string): Promise<{ __typename: string; replayed?: boolean; order?: OrderView }> {
    const { data, errors } = await this.query<{ cancelOrder: PlaceAnswer }>(CANCEL, {
      input: { accountId: this.accountId, order: { id } },
    });
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.cancelOrder;
  }

  /** `total/locked/free` by asset, without trailing zeros, as the account subgraph has them. */
  balances(): Promise<Record<string, string>> {
    return this.#desk.balances(this.accountId);
  }
}

interface LimitOptions {
  readonly clientOrderId?: string;
  readonly symbol?: string;
  readonly timeInForce?: 'GTC' | 'IOC';
}

/** An order as {@link TestTrader.place} selects it. */
export interface OrderView {
  readonly id: string;
  readonly status: string;
  readonly filledQuantity: string;
  readonly leavesQuantity: string;
  readonly averageFillPrice: string | null;
  readonly filledNotional: string;
  readonly fees: string;
  readonly cancelReason: string | null;
  readonly expireReason: string | null;
  readonly fills: readonly {
    price: string;
    quantity: string;
    fee: string;
    liquiditySide: string;
  }[];
}

/** What `placeOrder` answers; members that the answer lacks are undefined. */
export interface PlaceAnswer {
  readonly __typename: string;
  readonly replayed?: boolean;
  readonly order: OrderView;
  readonly deniedOrder?: OrderView | null;
  readonly existing?: OrderView;
  readonly differingFields?: readonly string[];
  readonly denial?: Readonly<Record<string, string | null>>;
  readonly violations?: readonly { readonly reason: string }[];
}

const ORDER = /* GraphQL */ `
  fragment View on Order {
    id
    status
    filledQuantity
    leavesQuantity
    averageFillPrice
    filledNotional
    fees
    cancelReason
    expireReason
    fills {
      price
      quantity
      fee
      liquiditySide
    }
  }
`;
const PLACE = /* GraphQL */ `
  mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      __typename
      ... on OrderAccepted {
        replayed
        order {
          ...View
        }
      }
      ... on OrderDenied {
        replayed
        deniedOrder {
          ...View
        }
        denial {
          reason
          rule
          limit
          actual
          nearestValid
        }
        violations {
          reason
        }
      }
      ... on ClientOrderIdConflict {
        differingFields
        existing {
          ...View
        }
      }
    }
  }
  ${ORDER}
`;
const CANCEL = /* GraphQL */ `
  mutation ($input: CancelOrderInput!) {
    cancelOrder(input: $input) {
      __typename
      ... on OrderCanceled {
        replayed
        order {
          ...View
        }
      }
      ... on OrderNotCancelable {
        order {
          ...View
        }
      }
    }
  }
  ${ORDER}
`;

/** A user who can do what these scopes say on these accounts: for each first account another one. */
export function traderViewer(
  accountIds: readonly AccountId[],
  scopes: readonly Scope[] = SCOPES,
): Trader {
  return {
    kind: 'trader',
    userId: `user of ${accountIds[0] ?? 'nothing'}` as Trader['userId'],
    credential: { kind: 'apiKey', keyId: 'key' as never },
    scopes,
    accounts: accountIds.map((accountId) => ({ accountId, role: 'OWNER' })),
    expiresAt: null,
  };
}

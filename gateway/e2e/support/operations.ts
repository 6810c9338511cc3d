/** The operations that several scenarios send, each with the shape of its answer. */

export const PLACE_ORDER = /* GraphQL */ `
  mutation PlaceOrder($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      __typename
      ... on OrderAccepted {
        replayed
        order {
          id
          status
          clientOrderId
          filledQuantity
          leavesQuantity
          averageFillPrice
          filledNotional
          fees
          limitPrice
          fills {
            id
            tradeId
            price
            quantity
            fee
            liquiditySide
          }
        }
      }
      ... on OrderDenied {
        replayed
        deniedOrder {
          id
          status
        }
        denial {
          reason
          rule
          limit
          actual
          nearestValid
          message
        }
      }
      ... on ClientOrderIdConflict {
        differingFields
        existing {
          id
        }
      }
      ... on AccountNotFound {
        accountId
      }
    }
  }
`;

/** What {@link PLACE_ORDER} answers; the members of the union that are not there are undefined. */
export interface PlaceOrderAnswer {
  readonly placeOrder: {
    readonly __typename: string;
    readonly replayed?: boolean;
    readonly order: PlacedOrder;
    readonly denial?: {
      readonly reason: string;
      readonly rule: string | null;
      readonly limit: string | null;
      readonly actual: string | null;
      readonly nearestValid: string | null;
      readonly message: string;
    };
    readonly differingFields?: readonly string[];
    readonly existing?: { readonly id: string };
  };
}

/** An order as {@link PLACE_ORDER} selects it. */
interface PlacedOrder {
  readonly id: string;
  readonly status: string;
  readonly clientOrderId: string;
  readonly filledQuantity: string;
  readonly leavesQuantity: string;
  readonly averageFillPrice: string | null;
  readonly filledNotional: string;
  readonly fees: string;
  readonly limitPrice: string | null;
  readonly fills: readonly {
    readonly id: string;
    readonly tradeId: string;
    readonly price: string;
    readonly quantity: string;
    readonly fee: string;
    readonly liquiditySide: string;
  }[];
}

export const CANCEL_ORDER = /* GraphQL */ `
  mutation CancelOrder($input: CancelOrderInput!) {
    cancelOrder(input: $input) {
      __typename
      ... on OrderCanceled {
        replayed
        order {
          status
          cancelReason
          leavesQuantity
        }
      }
      ... on OrderNotCancelable {
        order {
          status
        }
      }
    }
  }
`;

/** What {@link CANCEL_ORDER} answers. */
export interface CancelOrderAnswer {
  readonly cancelOrder: {
    readonly __typename: string;
    readonly replayed?: boolean;
    readonly order?: { readonly status: string; readonly cancelReason?: string };
  };
}

export const BALANCES = /* GraphQL */ `
  query Balances($accountId: ID!) {
    account(id: $accountId) {
      balances {
        asset {
          code
        }
        total
        locked
        free
      }
    }
  }
`;

/** What {@link BALANCES} answers. */
export interface BalancesAnswer {
  readonly account: {
    readonly balances: readonly {
      readonly asset: { readonly code: string };
      readonly total: string;
      readonly locked: string;
      readonly free: string;
    }[];
  } | null;
}

export const ORDER_EVENTS = /* GraphQL */ `
  subscription OrderEvents($accountId: ID!, $after: String) {
    orderEvents(accountId: $accountId, after: $after) {
      __typename
      ... on OrderSnapshot {
        sequence
        cursor
        openOrders {
          id
          status
        }
      }
      ... on OrderEvent {
        type
        sequence
        previousSequence
        cursor
        order {
          id
          status
          clientOrderId
          filledQuantity
        }
        fill {
          price
          quantity
        }
      }
      ... on StreamResumed {
        afterSequence
        replayed
      }
    }
  }
`;

/** One event of {@link ORDER_EVENTS}. */
export interface OrderStreamMessage {
  readonly __typename: string;
  readonly type?: string;
  readonly sequence: string;
  readonly previousSequence?: string;
  readonly cursor?: string;
  readonly replayed?: number;
  readonly openOrders?: readonly { readonly id: string; readonly status: string }[];
  readonly order?: { readonly id: string; readonly status: string; readonly clientOrderId: string };
  readonly fill?: { readonly price: string; readonly quantity: string } | null;
}

export const BALANCE_CHANGED = /* GraphQL */ `
  subscription BalanceChanged($accountId: ID!, $after: String) {
    balanceChanged(accountId: $accountId, after: $after) {
      __typename
      ... on BalanceSnapshot {
        sequence
        cursor
        balances {
          asset {
            code
          }
          total
          locked
          free
        }
      }
      ... on BalanceChange {
        sequence
        previousSequence
        cursor
        cause {
          type
          orderId
        }
        balances {
          asset {
            code
          }
          total
          locked
          free
        }
      }
    }
  }
`;

/** One event of {@link BALANCE_CHANGED}. */
export interface BalanceStreamMessage {
  readonly __typename: string;
  readonly sequence: string;
  readonly previousSequence?: string;
  readonly cursor?: string;
  readonly cause?: { readonly type: string; readonly orderId: string | null };
  readonly balances?: readonly {
    readonly asset: { readonly code: string };
    readonly total: string;
    readonly locked: string;
    readonly free: string;
  }[];
}

export const QUOTES = /* GraphQL */ `
  subscription Quotes($symbols: [ID!]!, $delivery: DeliveryInput) {
    quoteChanged(symbols: $symbols, delivery: $delivery) {
      __typename
      ... on QuoteUpdate {
        sequence
        previousSequence
        conflated
        quote {
          symbol
          bidPrice
          bidQuantity
          askPrice
          askQuantity
          stale
        }
      }
      ... on StreamGap {
        instrumentSymbol
        reason
      }
    }
  }
`;

/** One event of {@link QUOTES}. */
export interface QuoteStreamMessage {
  readonly __typename: string;
  readonly sequence: string;
  readonly previousSequence: string;
  readonly conflated: number;
  readonly quote: {
    readonly symbol: string;
    readonly bidPrice: string;
    readonly bidQuantity: string;
    readonly askPrice: string;
    readonly askQuantity: string;
    readonly stale: boolean;
  };
}

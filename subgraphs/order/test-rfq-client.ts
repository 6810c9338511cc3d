import type { TestTrader } from './test-trader.ts';

/** A quote as {@link RfqClient} selects it. */
export interface QuoteView {
  readonly id: string;
  readonly bidPrice: string | null;
  readonly bidQuantity: string | null;
  readonly askPrice: string | null;
  readonly askQuantity: string | null;
  readonly source: string;
}

/** A request for quote as {@link RfqClient} selects it. */
export interface RfqView {
  readonly id: string;
  readonly status: string;
  readonly rejectReason: string | null;
  readonly fillPrice: string | null;
  readonly lastLook: { readonly moveBps: string; readonly takenBps: string } | null;
  readonly settlement: { readonly status: string; readonly notional: string } | null;
  readonly order: { readonly status: string } | null;
  readonly quotes: readonly QuoteView[];
}

/** Any answer about a request for quote; members that it lacks are undefined. */
export interface RfqAnswer {
  readonly __typename: string;
  readonly rfq: RfqView;
  readonly replayed?: boolean;
  readonly refusal?: Readonly<Record<'reason' | 'rule' | 'limit' | 'actual', string | null>>;
  readonly reason?: string;
  readonly differingFields?: readonly string[];
  readonly order?: {
    readonly status: string;
    readonly fees: string;
    readonly averageFillPrice: string | null;
    readonly fills: readonly { readonly price: string; readonly priceImprovement: string }[];
  };
}

const RFQ = /* GraphQL */ `
  fragment RfqParts on Rfq {
    id
    status
    rejectReason
    fillPrice
    lastLook {
      moveBps
      takenBps
    }
    settlement {
      status
      notional
    }
    order {
      status
    }
    quotes {
      id
      bidPrice
      bidQuantity
      askPrice
      askQuantity
      source
    }
  }
`;
const REFUSAL = 'refusal { reason rule limit actual }';
const ORDER = 'order { status fees averageFillPrice fills { price priceImprovement } }';

const OPERATIONS = {
  requestQuote: `mutation ($input: RequestQuoteInput!) { answer: requestQuote(input: $input) { __typename
    ... on QuoteRequested { replayed rfq { ...RfqParts } }
    ... on QuoteRequestDenied { ${REFUSAL} }
    ... on ClientRfqIdConflict { differingFields }
  } } ${RFQ}`,
  acceptQuote: `mutation ($input: AcceptQuoteInput!) { answer: acceptQuote(input: $input) { __typename
    ... on QuoteFilled { replayed rfq { ...RfqParts } ${ORDER} }
    ... on QuoteRejected { replayed reason rfq { ...RfqParts } ${ORDER} }
    ... on QuoteRefused { ${REFUSAL} }
    ... on ClientOrderIdConflict { differingFields }
  } } ${RFQ}`,
  cancelRfq: `mutation ($input: CancelRfqInput!) { answer: cancelRfq(input: $input) { __typename
    ... on RfqCanceled { replayed rfq { ...RfqParts } }
    ... on RfqNotCancelable { rfq { ...RfqParts } }
  } } ${RFQ}`,
} as const;

/** What a trader does with quotes on request. */
export class RfqClient {
  readonly trader: TestTrader;
  #requests = 0;

  constructor(trader: TestTrader) {
    this.trader = trader;
  }

  /** Asks for BTC-USDT in a size, two-way unless it is said otherwise. */
  request(more: object = {}): Promise<RfqAnswer> {
    const clientRfqId = `r-${(this.#requests += 1)}`;
    const size = { quantity: '0.5' };
    return this.#ask('requestQuote', { clientRfqId, symbol: 'BTC-USDT', size, ...more });
  }

  /** Asks, and takes what must be quoted. */
  async quoted(more: object = {}): Promise<{ rfq: RfqView; quote: QuoteView }> {
    const { rfq } = await this.request(more);
    const [quote] = rfq.quotes;
    if (quote === undefined) throw new Error(`The request is ${rfq.status}, and has no quote.`);
    return { rfq, quote };
  }

  /** An accept of one side of a quote, as it is. */
  acceptOf(
    { rfq, quote }: { readonly rfq: RfqView; readonly quote: QuoteView },
    side: 'BUY' | 'SELL' = 'BUY',
  ) {
    const [price, quantity] =
      side === 'BUY' ? [quote.askPrice, quote.askQuantity] : [quote.bidPrice, quote.bidQuantity];
    const clientOrderId = this.trader.nextId();
    const ids = { rfqId: rfq.id, quoteId: quote.id, symbol: 'BTC-USDT', clientOrderId };
    return { ...ids, side, price, quantity };
  }

  /** Accepts. */
  accept(input: object): Promise<RfqAnswer> {
    return this.#ask('acceptQuote', input);
  }

  /** Takes a request back. */
  cancel(rfqId: string): Promise<RfqAnswer> {
    return this.#ask('cancelRfq', { rfqId });
  }

  /** A request as it is now. */
  async read(id: string): Promise<RfqView> {
    const query = `query ($id: ID!) { rfq(id: $id) { ...RfqParts } } ${RFQ}`;
    const { data } = await this.trader.query<{ rfq: RfqView }>(query, { id });
    return data.rfq;
  }

  async #ask(operation: keyof typeof OPERATIONS, more: object): Promise<RfqAnswer> {
    const input = { accountId: this.trader.accountId, ...more };
    const query = OPERATIONS[operation];
    const { data, errors } = await this.trader.query<{ answer: RfqAnswer }>(query, { input });
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.answer;
  }
}

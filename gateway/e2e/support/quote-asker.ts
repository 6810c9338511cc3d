import type { TraderClient } from './trader-client.ts';

const MUTATIONS = {
  requestQuote: ['RequestQuoteInput', 'QuoteRequested', 'QuoteRequestDenied'],
  acceptQuote: ['AcceptQuoteInput', 'QuoteRejected', 'QuoteRefused'],
  cancelRfq: ['CancelRfqInput', 'RfqCanceled', null],
  compareExecution: ['CompareExecutionInput', 'ExecutionComparison', 'QuoteRequestDenied'],
  takeOverRfq: ['TakeOverRfqInput', 'RfqHandled', 'QuoteRefused'],
  quoteRfq: ['QuoteRfqInput', 'RfqHandled', 'QuoteRefused'],
} as const;
type Mutation = keyof typeof MUTATIONS;
/** The input of a mutation. */
export type Input = Readonly<Record<string, unknown>>;

interface Quote {
  readonly id: string;
  readonly validUntil: string;
  readonly askPrice: string;
  readonly askQuantity: string;
}
interface Rfq {
  readonly id: string;
  readonly quotes: readonly Quote[];
}
interface Answer {
  readonly __typename: string;
  readonly rfq?: Rfq;
  /** Why not, by whatever name the answer has for it. */
  readonly why?: string;
  readonly refusal?: { readonly reason: string };
}

function documentOf(mutation: Mutation): string {
  const [input, member, refused] = MUTATIONS[mutation];
  const parts = [
    `... on ${member} { rfq { id quotes { id validUntil askPrice askQuantity } } }`,
    refused === null ? '' : `... on ${refused} { refusal { reason } }`,
    member === 'QuoteRejected' ? '... on QuoteRejected { why: reason }' : '',
    member === 'RfqHandled' ? '... on RfqNotHandled { why: reason }' : '',
  ];
  return `mutation ($input: ${input}!) { answer: ${mutation}(input: $input) { __typename ${parts.join(' ')} } }`;
}

let numbers = 0;
/** A client who asks for quotes, and what it is answered. */
export class QuoteAsker {
  readonly #client: TraderClient;

  constructor(client: TraderClient) {
    this.#client = client;
  }

  async answerTo(mutation: Mutation, input: Input): Promise<Answer> {
    const isOfDesk = mutation === 'takeOverRfq' || mutation === 'quoteRfq';
    const own = isOfDesk ? {} : { accountId: this.#client.accountId };
    const variables = { input: { ...own, ...input } };
    const document = documentOf(mutation);
    return (await this.#client.request<{ answer: Answer }>(document, variables)).answer;
  }

  /** The member that it answered with, and the reason if it has one. */
  async ask(mutation: Mutation, input: Input): Promise<string> {
    const { __typename: member, why, refusal } = await this.answerTo(mutation, input);
    const reason = refusal?.reason ?? why;
    return reason === undefined ? member : `${member} ${reason}`;
  }

  /** A quoted request to buy, and the accept that would trade it. */
  async quoted(): Promise<{ readonly rfq: Rfq; readonly quote: Quote; readonly good: Input }> {
    for (;;) {
      const { rfq } = await this.answerTo('requestQuote', newRequest());
      const [quote] = rfq?.quotes ?? [];
      if (rfq !== undefined && quote !== undefined) return { rfq, quote, good: accept(rfq, quote) };
    }
  }
}

/** A request that can be quoted, with an id of its own. */
export function newRequest(): Input {
  const size = { quantity: '0.01' };
  return { clientRfqId: `r-${(numbers += 1)}`, symbol: 'BTC-USDT', side: 'BUY', size };
}

function accept(rfq: Rfq, { id, askPrice: price, askQuantity: quantity }: Quote): Input {
  const ids = { rfqId: rfq.id, quoteId: id, clientOrderId: `o-${(numbers += 1)}` };
  return { ...ids, symbol: 'BTC-USDT', side: 'BUY', quantity, price };
}

import type { TestDesk } from './test-desk.ts';
import { RfqClient } from './test-rfq-client.ts';
import type { TestTrader } from './test-trader.ts';

const LEVELS = /* GraphQL */ `
  subscription ($accountId: ID!, $symbol: ID!, $quantities: [Decimal!]!) {
    priceLevels(accountId: $accountId, symbol: $symbol, quantities: $quantities) {
      ... on PriceLevels {
        symbol
        sequence
        previousSequence
        conflated
        levels {
          quantity
          quoteId
          bidPrice
          askPrice
          validUntil
          refusal {
            reason
          }
          basis {
            tier
          }
        }
      }
    }
  }
`;

/** A level, with the fields that the client selects. */
export interface LevelView {
  readonly quantity: string;
  readonly quoteId: string | null;
  readonly bidPrice: string | null;
  readonly askPrice: string | null;
  readonly validUntil: string | null;
  readonly refusal: { readonly reason: string } | null;
}

/** One frame of a stream. */
export interface LevelsView {
  readonly sequence: string;
  readonly previousSequence: string;
  readonly conflated: number;
  readonly levels: readonly LevelView[];
}

/** A client that follows levels; keeps every frame. */
export class LevelClient {
  readonly trader: TestTrader;
  readonly rfqs: RfqClient;
  readonly frames: LevelsView[] = [];
  /** The error that ended the stream; null while it is open. */
  failure: unknown = null;
  isOver = false;
  readonly #stream: AsyncIterableIterator<unknown>;

  constructor(desk: TestDesk, trader: TestTrader, asked: object = {}) {
    this.trader = trader;
    this.rfqs = new RfqClient(trader);
    const { accountId } = trader;
    const variables = { accountId, symbol: 'BTC-USDT', quantities: ['0.5', '2'], ...asked };
    const stream = desk.subscribe<{ priceLevels: LevelsView }>(LEVELS, variables, trader.viewer);
    this.#stream = stream;
    void (async () => {
      for await (const { data, errors } of stream) {
        if (errors !== undefined) this.failure = errors;
        if (data != null) this.frames.push(data.priceLevels);
      }
    })()
      .catch((cause: unknown) => (this.failure = cause))
      .finally(() => (this.isOver = true));
  }

  /** The newest level for a quantity; undefined before the first frame. */
  level(index = 0): LevelView | undefined {
    return this.frames.at(-1)?.levels[index];
  }

  /** An accept of one side of a level, with unaltered terms. */
  acceptOf(level: LevelView, side: 'BUY' | 'SELL' = 'BUY') {
    const { quantity, quoteId } = level;
    const price = side === 'BUY' ? level.askPrice : level.bidPrice;
    const clientOrderId = this.trader.nextId();
    return { quoteId, symbol: 'BTC-USDT', clientOrderId, side, price, quantity };
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    await this.#stream.return?.();
  }
}

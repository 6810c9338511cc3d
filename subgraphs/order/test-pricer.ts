import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a test's pricer was asked for. */
export interface PricerAsk {
  readonly symbol: string;
  readonly quantity: string | null;
  readonly quoteQuantity: string | null;
  readonly tier: string;
}

/** What it says of one ask. */
interface PricerPrice {
  readonly bidPrice: string | null;
  readonly askPrice: string | null;
  readonly reference?: string | null;
}

/** How it answers: with prices, with a status and a text, or not at all. */
export type PricerAnswer =
  readonly (PricerPrice | null)[] | { readonly status: number; readonly body: string } | 'silence';

/** A pricer of somebody else, on a real socket; what it says is the test's. */
export class TestPricer {
  /** Of each call. */
  readonly calls: (readonly PricerAsk[])[] = [];
  answer: (asks: readonly PricerAsk[]) => PricerAnswer = (asks) => asks.map(() => null);
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const { asks } = JSON.parse(body) as { readonly asks: readonly PricerAsk[] };
        this.calls.push(asks);
        reply(response, this.answer(asks));
      });
    });
  }

  static async start(): Promise<TestPricer> {
    const pricer = new TestPricer();
    pricer.#server.listen(0, '127.0.0.1');
    await once(pricer.#server, 'listening');
    return pricer;
  }

  /** Where asks are posted to. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/prices`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function reply(response: ServerResponse, answer: PricerAnswer): void {
  if (answer === 'silence') return;
  if ('status' in answer) {
    response.statusCode = answer.status;
    response.end(answer.body);
    return;
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ prices: answer }));
}

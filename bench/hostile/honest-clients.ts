import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { type Door, gatewayDoor } from '../orders/doors.ts';
import type { TradingPair } from '../orders/stores.ts';
import { answerParent } from '../processes/answer-parent.ts';
import { doWhenDue } from './due-work.ts';

const DASHBOARD = /* GraphQL */ `
  query Dashboard {
    viewer {
      name
      accounts {
        id
        balances {
          total
          free
          asset {
            code
            name
          }
        }
        orders(filter: { isOpen: true }, first: 20) {
          edges {
            node {
              clientOrderId
              status
            }
          }
        }
        positions {
          symbol
          quantity
        }
      }
    }
  }
`;
const QUOTES = /* GraphQL */ `
  subscription Quotes {
    quoteChanged(symbols: ["BTC-USDT", "ETH-USDT", "SOL-USDT"]) {
      ... on QuoteUpdate {
        quote {
          bidPrice
          askPrice
          receivedTime
        }
      }
    }
  }
`;
const DASHBOARD_EVERY_MS = 50;
const ORDER_EVERY_MS = 100;
/** The duration that a refused or failed operation counts as: longer than anyone waits. */
const FAILED_MS = 5000;
const ORDER = { quantity: '0.001', limitPrice: '50000' } as const;

/** How long each operation took, in milliseconds, and why some failed. */
export interface HonestTimes {
  readonly dashboard: readonly number[];
  readonly order: readonly number[];
  readonly quote: readonly number[];
  readonly failures: readonly string[];
}

interface Clients {
  readonly pairs: readonly TradingPair[];
  readonly pool: Pool;
  readonly door: Door;
}

interface QuoteMessage {
  readonly quoteChanged: { readonly quote?: { readonly receivedTime: string } };
}

let clients: Clients | undefined;
let quotes: number[] = [];

answerParent({
  /** Connects, and subscribes to quotes once for each pair of traders. */
  connect: async ({ gateway, pairs }: { gateway: string; pairs: readonly TradingPair[] }) => {
    const pool = new Pool(gateway, { connections: 32 });
    clients = { pairs, pool, door: gatewayDoor(gateway) };
    await Promise.all(pairs.map(({ buyer }) => subscribe(gateway, buyer.apiKey)));
  },
  /** Runs the clients' operations for a while. */
  work: async ({ forMs }: { forMs: number }): Promise<HonestTimes> => {
    if (clients === undefined) throw new Error('The clients are not connected.');
    const failures: string[] = [];
    const orFail = (work: () => Promise<void>) => () =>
      work().catch(async (cause: unknown) => {
        failures.push(String(cause).slice(0, 200));
        await new Promise((resolve) => setTimeout(resolve, FAILED_MS));
      });
    quotes = [];
    const [dashboard, order] = await Promise.all([
      doWhenDue(orFail(dashboards(clients)), { everyMs: DASHBOARD_EVERY_MS, forMs }),
      doWhenDue(orFail(orders(clients)), { everyMs: ORDER_EVERY_MS, forMs }),
    ]);
    return { dashboard, order, quote: quotes, failures };
  },
});

function subscribe(gateway: string, apiKey: string): Promise<void> {
  const client = createClient({
    url: `${gateway.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { apiKey },
    lazy: false,
  });
  return new Promise((resolve, reject) => {
    client.subscribe<QuoteMessage>(
      { query: QUOTES },
      {
        next: ({ data }) => {
          const receivedTime = data?.quoteChanged.quote?.receivedTime;
          if (receivedTime !== undefined) quotes.push(Date.now() - Date.parse(receivedTime));
          resolve();
        },
        error: reject,
        complete: () => undefined,
      },
    );
  });
}

/** Loads each trader's dashboard in turn. */
function dashboards({ pairs, pool }: Clients): () => Promise<void> {
  let next = 0;
  const body = JSON.stringify({ query: DASHBOARD });
  return async () => {
    const apiKey = pairs[(next += 1) % pairs.length]?.buyer.apiKey ?? '';
    const response = await pool.request({
      ...{ path: '/graphql', method: 'POST', body },
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    });
    const text = await response.body.text();
    if (response.statusCode !== 200 || text.includes('"errors"'))
      throw new Error(`A dashboard was answered ${response.statusCode}: ${text}`);
  };
}

/** Places orders that trade with each other: a buyer takes what a seller rests. */
function orders({ pairs, door }: Clients): () => Promise<void> {
  let next = 0;
  return () => {
    const pair = pairs[Math.floor(next / 2) % pairs.length];
    const side = next % 2 === 0 ? 'SELL' : 'BUY';
    next += 1;
    const trader = side === 'SELL' ? pair?.seller : pair?.buyer;
    if (trader === undefined) throw new Error('There are no traders.');
    return door.place(trader, { ...ORDER, side, clientOrderId: randomUUID() });
  };
}

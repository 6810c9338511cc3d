import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { SeededTrader } from '../../prisma/account/test-seed-trader.ts';
import { quantileOfSorted } from '../rows.ts';

const MS_PER_SECOND = 1000;
/** How often a refused client tries to connect. */
const ATTEMPTS = 5;
/** How many sockets are opened at a time: a thousand at once would measure the handshake. */
const OPENED_TOGETHER = 20;
const AS_OF = /"asOf":"([^"]+)"/;
const LEVELS = /* GraphQL */ `
  subscription ($accountId: ID!) {
    priceLevels(accountId: $accountId, symbol: "BTC-USDT", quantities: ["0.1", "1", "5"]) {
      ... on PriceLevels {
        asOf
        sequence
        levels {
          quantity
          quoteId
          bidPrice
          askPrice
          validUntil
        }
      }
    }
  }
`;

/** What all clients together received. */
export interface LevelFigures {
  /** From when the levels were priced until the client had them, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** Lets this many sockets follow levels for a time; to the gateway each is a client of its own. */
export async function followLevels(
  gateway: string,
  traders: readonly SeededTrader[],
  { clients, warmUpMs, windowMs }: Readonly<Record<'clients' | 'warmUpMs' | 'windowMs', number>>,
): Promise<LevelFigures> {
  const late: number[] = [];
  let isCounting = false;
  const heard = (frame: string) => {
    const asOf = AS_OF.exec(frame)?.[1];
    if (asOf === undefined) throw new Error(`No levels: ${frame}`);
    if (isCounting) late.push(Date.now() - Date.parse(asOf));
  };
  const sockets: WebSocket[] = [];
  try {
    for (let opened = 0; opened < clients; opened += OPENED_TOGETHER) {
      const together = Array.from({ length: OPENED_TOGETHER }, (_, index) => {
        const trader = traders[(opened + index) % traders.length];
        if (trader === undefined) throw new Error('There is no trader.');
        return follow(gateway, trader, heard);
      });
      sockets.push(...(await Promise.all(together)));
    }
    await pause(warmUpMs);
    isCounting = true;
    await pause(windowMs);
    isCounting = false;
  } finally {
    for (const socket of sockets) socket.terminate();
  }
  const sorted = late.toSorted((a, b) => a - b);
  const [p50, p99] = [quantileOfSorted(sorted, 0.5), quantileOfSorted(sorted, 0.99)];
  return { p50, p99, perSecond: (late.length * MS_PER_SECOND) / windowMs };
}

/** Resolves with the first frame. A busy gateway refuses clients, which then try again. */
async function follow(
  gateway: string,
  trader: SeededTrader,
  heard: (frame: string) => void,
): Promise<WebSocket> {
  for (let attempt = 1; ; attempt += 1) {
    const url = `${gateway.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
    try {
      await begin(socket, trader, heard);
      return socket;
    } catch (cause) {
      socket.terminate();
      if (attempt === ATTEMPTS) throw cause;
    }
  }
}

async function begin(
  socket: WebSocket,
  { accountId, apiKey }: SeededTrader,
  heard: (frame: string) => void,
): Promise<void> {
  const closed = new AbortController();
  socket.once('close', () => {
    closed.abort();
  });
  const { signal } = closed;
  await once(socket, 'open', { signal });
  socket.send(JSON.stringify({ type: 'connection_init', payload: { apiKey } }));
  await once(socket, 'message', { signal });
  const payload = { query: LEVELS, variables: { accountId } };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  const [first] = (await once(socket, 'message', { signal })) as [Buffer];
  heard(first.toString());
  socket.on('message', (frame: Buffer) => {
    const text = frame.toString();
    if (text.includes('"next"')) heard(text);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

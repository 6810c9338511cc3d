import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '#shared/domain/clock.ts';
import { SERVED_ELSEWHERE } from '#shared/subgraph/served-elsewhere.ts';
import { PASSPORT_KEY } from '../fixtures/played-subgraph.ts';
import type { SourceRequest } from './source-event-stream.ts';
import { SubgraphSocket } from './subgraph-socket.ts';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly query: string };
}

/** One connection of the gateway as the subgraph sees it. */
class Taken {
  /** Ids by the text of what was asked. */
  readonly asked = new Map<string, string>();
  readonly completed: string[] = [];
  isOpen = true;
  readonly #webSocket: WebSocket;

  constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket;
    webSocket.once('close', () => (this.isOpen = false));
    webSocket.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString()) as Message));
  }

  send(type: string, query: string, payload: unknown): void {
    this.#webSocket.send(JSON.stringify({ type, id: this.asked.get(query), payload }));
  }

  #hear({ type, id = '', payload }: Message): void {
    if (type === 'connection_init') this.#webSocket.send('{"type":"connection_ack"}');
    if (type === 'subscribe') this.asked.set(payload?.query ?? '', id);
    if (type === 'complete') this.completed.push(id);
  }
}

let server: WebSocketServer;
let taken: Taken[];
let socket: SubgraphSocket;
beforeEach(async () => {
  taken = [];
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/graphql' });
  server.on('connection', (webSocket) => taken.push(new Taken(webSocket)));
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const logger = pino({ level: 'silent' });
  socket = new SubgraphSocket(
    { name: 'order', url, passportKey: PASSPORT_KEY },
    systemClock,
    logger,
  );
});
afterEach(() => {
  socket.stop();
  server.close();
});

function open(query: string) {
  const heard: string[] = [];
  const request: SourceRequest = {
    ...{ subgraph: 'order', query, variables: {} },
    viewer: { kind: 'service', name: 'gateway' },
  };
  const close = socket.open(request, {
    next: ({ data }) => heard.push(JSON.stringify(data)),
    failed: (errors) => heard.push(...errors.map(({ extensions }) => String(extensions['code']))),
    completed: () => heard.push('completed'),
    lost: () => heard.push('lost'),
  });
  return { heard, close };
}

const asked = (connection: number, query: string) =>
  expect.poll(() => taken[connection]?.asked.has(query)).toBe(true);

it('opens what another process serves now over a new connection, and leaves the old one to its other streams', async () => {
  const [prices, orders] = [open('prices'), open('orders')];
  await asked(0, 'prices');
  await asked(0, 'orders');
  taken[0]?.send('error', 'prices', [
    { message: 'Elsewhere.', extensions: { code: 'UNAVAILABLE', reason: SERVED_ELSEWHERE } },
  ]);
  await expect.poll(() => prices.heard).toEqual(['lost']);
  const again = open('prices again');
  await asked(1, 'prices again');
  taken[0]?.send('next', 'orders', { data: { n: 1 } });
  await expect.poll(() => orders.heard).toEqual(['{"n":1}']);
  orders.close();
  await expect.poll(() => taken[0]?.isOpen).toBe(false);
  expect(taken[0]?.completed).toEqual([taken[0]?.asked.get('orders')]);
  taken[1]?.send('next', 'prices again', { data: { n: 2 } });
  await expect.poll(() => again.heard).toEqual(['{"n":2}']);
  expect(orders.heard).toEqual(['{"n":1}']);
});

it('tells every other failure as it is, and goes on over the same connection', async () => {
  const prices = open('prices');
  await asked(0, 'prices');
  taken[0]?.send('error', 'prices', [{ message: 'Not there.', extensions: { code: 'NOT_FOUND' } }]);
  await expect.poll(() => prices.heard).toEqual(['NOT_FOUND']);
  open('prices again');
  await asked(0, 'prices again');
  expect(taken).toHaveLength(1);
});

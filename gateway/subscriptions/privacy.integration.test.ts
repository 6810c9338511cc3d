// Two principals send the same text, whatever it is, over the same account and at the same time. What
// belongs to one is never in a frame of the other.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlayedGateway, startPlayedGateway } from '../fixtures/played-gateway.ts';
import { anOrderEvent, anOrderSnapshot, aQuote } from '../fixtures/played-events.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

const NAMES = ['anna', 'bob'] as const;

let gateway: PlayedGateway;
beforeAll(async () => {
  gateway = await startPlayedGateway();
  gateway.streams.onOpen = (stream) => {
    const { viewer, query } = stream.request;
    const name = viewer.kind === 'trader' ? viewer.userId : 'nobody';
    if (query.includes('orderEvents(')) {
      stream.next(anOrderSnapshot(secretOf(name), 1));
      stream.next(anOrderEvent(secretOf(name), 2, secretOf(name)));
    } else if (query.includes('priceLevels(')) stream.next(someLevels(name));
    else stream.next(query.includes('balanceChanged(') ? aBalance(name) : aQuote('A-B', 1));
  };
});
afterAll(() => gateway.stop());

const secretOf = (name: string) => `secret-of-${name}`;
const aBalance = (name: string) => ({
  __typename: 'BalanceSnapshot',
  account: { id: secretOf(name) },
  sequence: '1',
  cursor: secretOf(name),
  balances: [{ asset: { code: secretOf(name) }, sequence: '1' }],
});

const someLevels = (name: string) => ({
  __typename: 'PriceLevels',
  symbol: 'A-B',
  sequence: '1',
  previousSequence: '0',
  conflated: 0,
  asOf: '2026-01-01T00:00:00.000Z',
  levels: [{ quoteId: secretOf(name), quantity: '1', bidPrice: '1', askPrice: '2' }],
});

/** A subscription may select a list under one name only. */
function uniqueLists(fields: readonly string[]): readonly string[] {
  const listOf = (field: string) => /\b(levels|balances) \{/.exec(field)?.[1] ?? field;
  return fields.filter(
    (field, at) => fields.findIndex((one) => listOf(one) === listOf(field)) === at,
  );
}

/** Selections of one type, any of them in any order, some under a name that means something else. */
function selectionOf(...fields: readonly string[]): fc.Arbitrary<string> {
  const field = fc
    .tuple(fc.constantFrom(...fields), fc.option(fc.constantFrom('a', 'b', 'quoteChanged')))
    .map(([name, alias]) => (alias === null ? name : `${alias}${name.length}: ${name}`));
  return fc
    .uniqueArray(field, { minLength: 1, maxLength: 4, selector: (one) => one.split(':')[0] })
    .map((chosen) => uniqueLists(chosen).join(' '));
}

const orders = fc
  .tuple(
    selectionOf('sequence', 'cursor', 'account { id }', '__typename'),
    selectionOf(
      'cursor',
      'sequence',
      'order { id clientOrderId }',
      'order { account { id } }',
      'type',
    ),
    fc.constantFrom('', '__typename '),
  )
  .map(
    ([snapshot, event, more]) =>
      `orderEvents(accountId: "joint") { ${more}... on OrderSnapshot { ${snapshot} } ...Event }
      } fragment Event on OrderEvent { ${event} `,
  );
const balances = selectionOf('cursor', 'balances { asset { code } }', 'sequence').map(
  (event) => `balanceChanged(accountId: "joint") { ... on BalanceSnapshot { ${event} } }`,
);
const levels = selectionOf(
  'sequence',
  'levels { quoteId }',
  'levels { quoteId askPrice }',
  'asOf',
).map(
  (event) =>
    `priceLevels(accountId: "joint", symbol: "A-B", quantities: ["1"]) { ... on PriceLevels { ${event} } }`,
);
const quotes = selectionOf('sequence', 'quote { symbol bidPrice }', 'previousSequence').map(
  (event) => `quoteChanged(symbols: ["A-B"]) { ... on QuoteUpdate { ${event} } }`,
);
const operation = fc
  .tuple(fc.constantFrom('', 'Orders', 'Quotes'), fc.oneof(orders, balances, levels, quotes))
  .map(([name, field]) => `subscription ${name} { ${field} }`);

describe('a private event', () => {
  it('never reaches another principal, whatever the operation is called and asks', async () => {
    let secrets = 0;
    const subscribe = async (query: string) => {
      const clients = await Promise.all(
        NAMES.map((apiKey) => SocketClient.connect(gateway.origin, { apiKey })),
      );
      for (const client of clients) client.subscribe('1', query);
      const heard = await Promise.all(clients.map((client) => client.next()));
      for (const client of clients) await client.settle();
      const texts = clients.map((client, index) => JSON.stringify([heard[index], client.untaken]));
      for (const { webSocket } of clients) webSocket.terminate();
      return texts;
    };
    await fc.assert(
      fc.asyncProperty(operation, async (query) => {
        for (const [index, text] of (await subscribe(query)).entries()) {
          const [own = '', other = ''] = index === 0 ? NAMES : [...NAMES].reverse();
          expect(text).not.toContain(secretOf(other));
          expect(text).not.toMatch(/deskgraph_|"errors"|"error"/);
          if (text.includes(secretOf(own))) secrets += 1;
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
    expect(secrets).toBeGreaterThan(100);
    const isOf = (name: string) => (stream: (typeof gateway.streams.all)[number]) =>
      JSON.stringify(stream.request.viewer).includes(`"${name}"`);
    for (const name of NAMES)
      expect(gateway.streams.all.filter(isOf(name)).length).toBeGreaterThan(50);
  }, 60_000);
});

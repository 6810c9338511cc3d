// A desk of clients lives through random joins, stalls, losses and reconnects over real sockets. In
// the end everybody has the state that the source has, and nobody was left without a word on the way.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CarefulClient } from '../fixtures/careful-client.ts';
import { type PlayedGateway, startPlayedGateway } from '../fixtures/played-gateway.ts';
import { PlayedMarket } from '../fixtures/played-market.ts';

const SYMBOLS = ['A-B', 'C-D'];
const CLIENTS = 3;
const SETTLE_MS = 10_000;

const client = fc.nat({ max: CLIENTS - 1 });
const symbol = fc.constantFrom(...SYMBOLS);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constant('quotes'), symbol, fc.integer({ min: 1, max: 900 })),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constant('trades'), symbol, fc.integer({ min: 1, max: 900 })),
  },
  { weight: 3, arbitrary: fc.tuple(fc.constant('stall'), client) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('read'), client) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('rejoin'), client) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('reconnect'), client) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('feed gap'), symbol) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('streams lost')) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** A gap of the feed and the loss of its stream, one behind the other while a client does not read. */
const TWO_GAPS_AT_ONCE: Step[] = [
  ['quotes', 'C-D', 725],
  ['quotes', 'A-B', 23],
  ['trades', 'C-D', 630],
  ['stall', 2],
  ['feed gap', 'A-B'],
  ['streams lost'],
];

let gateway: PlayedGateway;
beforeEach(async () => {
  gateway = await startPlayedGateway();
});
afterEach(() => gateway.stop());

/** Many events of one kind, spread over turns of the loop as a feed's are. */
async function many(count: number, play: () => void): Promise<void> {
  for (let played = 1; played <= count; played += 1) {
    play();
    if (played % 20 === 0) await gateway.turn();
  }
}

class Desk {
  readonly market = new PlayedMarket(gateway.streams);
  readonly clients: CarefulClient[] = [];
  readonly complaints: string[] = [];

  async fill(): Promise<void> {
    while (this.clients.length < CLIENTS)
      this.clients.push(await CarefulClient.connect(gateway.origin, SYMBOLS));
  }

  async take([name, subject, count = 0]: Step): Promise<void> {
    const { market } = this;
    const one = this.clients[subject as number];
    if (name === 'quotes') return many(count, () => market.quote(subject));
    if (name === 'trades') return many(count, () => market.trade(subject));
    if (name === 'feed gap') return market.loseQuotes(subject, 3);
    if (name === 'streams lost') return market.loseAllStreams();
    if (name === 'stall') return one?.stall();
    if (name === 'read') return one?.read();
    if (name === 'rejoin') return one?.rejoin();
    this.#leave(one);
    this.clients.splice(subject, 1);
    return this.fill();
  }

  leaveAll(): void {
    for (const one of this.clients.splice(0)) this.#leave(one);
  }

  #leave(one: CarefulClient | undefined): void {
    one?.drop();
    this.complaints.push(...(one?.complaints ?? []));
  }

  /** What each client has at last, and what it should have. */
  states(): { readonly has: unknown; readonly should: unknown } {
    const streams = SYMBOLS.flatMap((one) => [`quotes ${one}`, `trades ${one}`]);
    const should = SYMBOLS.flatMap((one) => [this.market.quotes(one), this.market.trades(one)]);
    return {
      has: this.clients.map((one) => streams.map((stream) => one.last(stream))),
      should: this.clients.map(() => should.map(String)),
    };
  }
}

async function live(steps: readonly Step[]): Promise<void> {
  const desk = new Desk();
  for (const one of SYMBOLS) desk.market.quote(one);
  await desk.fill();
  try {
    for (const one of steps) await desk.take(one);
    for (const one of desk.clients) one.read();
    const deadline = performance.now() + SETTLE_MS;
    while (performance.now() < deadline) {
      const { has, should } = desk.states();
      if (JSON.stringify(has) === JSON.stringify(should)) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const { has, should } = desk.states();
    expect(has).toEqual(should);
  } finally {
    desk.leaveAll();
  }
  expect(desk.complaints).toEqual([]);
  await expect
    .poll(() => gateway.hub.counts, { timeout: SETTLE_MS })
    .toEqual({ streams: 0, groups: 0, members: 0 });
  expect(gateway.streams.all.filter(({ isOpen }) => isOpen)).toEqual([]);
}

describe('delivery', () => {
  it('ends with the state of the source and tells of every gap, whatever happens', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), live), {
      numRuns: 25,
      examples: [[TWO_GAPS_AT_ONCE]],
      endOnFailure: true,
    });
  }, 120_000);
});

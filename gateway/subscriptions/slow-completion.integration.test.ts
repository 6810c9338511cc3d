// Events that another subgraph completes more slowly than they arrive.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';
import { GatewayMetrics } from '../metrics/gateway-metrics.ts';

interface Quote {
  readonly sequence?: string;
  readonly reason?: string;
  readonly toSequence?: string;
}

let desk: DeskFixture;
let metrics: GatewayMetrics;
beforeAll(async () => {
  metrics = new GatewayMetrics();
  desk = await startDeskFixture({ metrics });
});
afterAll(() => desk.stop());

/** Under names of their own, what completes the events of the two is read twice. */
const subscriptionOf = (mode: string) => `subscription {
  quoteChanged(symbols: ["BTC-USDT"], delivery: { mode: ${mode} }) {
    ... on QuoteUpdate { sequence quote { instrument { ${mode}: deskLastPrice } } }
    ... on StreamGap { reason toSequence }
  }
}`;

/** What a client was sent, up to the quote with this sequence. */
async function quotesUntil(client: SocketClient, last: number): Promise<readonly Quote[]> {
  const quotes: Quote[] = [];
  while (quotes.at(-1)?.sequence !== `${last}`) {
    const { payload } = (await client.next()) as { payload?: { data: { quoteChanged: Quote } } };
    quotes.push(payload?.data.quoteChanged ?? {});
  }
  return quotes;
}

it('what waits is left out if a newer state follows and LATEST is enough, and reported', async () => {
  const held: (() => void)[] = [];
  desk.world.delay = () => new Promise((resolve) => held.push(resolve));
  const [latest, all] = [
    await SocketClient.connect(desk.origin),
    await SocketClient.connect(desk.origin),
  ];
  latest.subscribe('1', subscriptionOf('LATEST'));
  all.subscribe('1', subscriptionOf('ALL'));
  await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(2);
  let last = 0;
  const push = () => desk.world.pushQuote('BTC-USDT', (last += 1));
  push();
  await expect.poll(() => held.length).toBe(2);
  await expect
    .poll(async () => {
      push();
      return metrics.text();
    })
    .toMatch(/^deskgraph_frames_conflated_total [1-9]/m);
  push();
  desk.world.delay = () => Promise.resolve();
  for (const release of held) release();

  const everything = Array.from({ length: last }, (_, index) => `${index + 1}`);
  expect((await quotesUntil(all, last)).map(({ sequence }) => sequence)).toEqual(everything);
  const newest = await quotesUntil(latest, last);
  const read = newest.filter(({ sequence }) => sequence !== undefined);
  expect(read.length).toBeLessThan(last);
  expect(read[0]?.sequence).toBe('1');
  for (const [index, { sequence }] of newest.entries()) {
    const before = newest[index - 1];
    if (sequence === undefined || before === undefined) continue;
    if (before.sequence === undefined)
      expect(before).toEqual({ reason: 'SLOW_CONSUMER', toSequence: sequence });
    else expect(Number(sequence)).toBe(Number(before.sequence) + 1);
  }
  for (const client of [latest, all]) await client.close();
});

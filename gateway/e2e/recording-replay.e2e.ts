import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUnits, parseUnits } from '#shared/domain/decimal.ts';
import { auditLedger } from '../../prisma/audit/audit-ledger.ts';
import { expectBalances } from './support/balances.ts';
import { type Desk, runsAsProcesses, startDesk } from './support/harness.ts';
import {
  PLACE_ORDER,
  type PlaceOrderAnswer,
  QUOTES,
  type QuoteStreamMessage,
} from './support/operations.ts';
import { marketOrder } from './support/order-inputs.ts';
import { binanceRecording, type RecordedQuote, recordedQuotes } from './support/recordings.ts';
import type { StreamReader } from './support/stream-reader.ts';
import type { TraderClient } from './support/trader-client.ts';

const recording = binanceRecording();
const SPREAD_BPS = 5n;
const TICK = parseUnits('0.01') as bigint;
/** Patient enough for a busy machine. */
const IN_TIME_MS = 300_000;

// A real venue's frames through the whole house: what a subscriber reads at the gateway is what the
// venue sent, and an order trades at the price of that moment.
describe.skipIf(recording === null)('a replayed recording', () => {
  let desk: Desk;
  let trader: TraderClient;
  let expected: readonly RecordedQuote[];

  beforeAll(async () => {
    desk = await startDesk({
      feed: `replay:${recording}`,
      // In one process the feed waits for its readers; between processes nothing tells it of a client
      // that is slower than itself, who learns of a gap.
      feedSpeed: runsAsProcesses ? '15' : 'max',
      feedStart: 'first-subscription',
      maxQuoteAgeMs: 600_000,
      houseSpreadBps: Number(SPREAD_BPS),
    });
    trader = await desk.aTrader({ USDT: '10000' });
    expected = recordedQuotes(recording ?? '', 'btcusdt');
  }, IN_TIME_MS);
  afterAll(() => desk.stop());

  it(
    'reaches a subscriber as every bookTicker in order, price and size',
    async () => {
      const stream = trader.subscribe<QuoteStreamMessage>(QUOTES, {
        symbols: ['BTC-USDT'],
        delivery: { mode: 'ALL' },
      });
      const read = await readQuotes(stream, expected.length);
      if (!runsAsProcesses) expect(read).toHaveLength(expected.length);
      const differing = read.find(
        ({ sequence, quote }) => !sameQuote(quote, expected[Number(sequence) - 1]),
      );
      expect(differing).toBeUndefined();
      stream.close();
    },
    IN_TIME_MS,
  );

  it('is what a market order trades at, and the ledger is right to the last digit', async () => {
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      marketOrder({
        accountId: trader.accountId,
        clientOrderId: 'm-1',
        side: 'BUY',
        quantity: '0.01',
      }),
    );
    const ask = parseUnits(expected.at(-1)?.askPrice ?? '') as bigint;
    const price = roundUp(ask + divideUp(ask * SPREAD_BPS, 10_000n), TICK);
    expect(placeOrder).toMatchObject({
      __typename: 'OrderAccepted',
      order: {
        status: 'FILLED',
        filledQuantity: '0.01000',
        fills: [{ price: formatUnits(price, 2), quantity: '0.01000', liquiditySide: 'TAKER' }],
      },
    });
    const cost = price / 100n;
    const fee = roundUp(divideUp(cost, 1000n), parseUnits('0.00000001') as bigint);
    const left = formatUnits((parseUnits('10000') as bigint) - cost - fee);
    await expectBalances(trader, { BTC: '0.01/0/0.01', USDT: `${left}/0/${left}` });
    expect(await auditLedger(desk.databaseUrls)).toEqual([]);
  });
});

/**
 * Reads until the recording's last quote. A joiner's first frame is the state it finds; between
 * processes so is the first one after a gap, and nothing is missing without one.
 */
async function readQuotes(
  stream: StreamReader<QuoteStreamMessage>,
  count: number,
): Promise<readonly QuoteStreamMessage[]> {
  const quotes: QuoteStreamMessage[] = [];
  let last: bigint | null = null;
  while (last === null || last < count) {
    const message = await stream.nextWhere(
      ({ __typename }) => __typename !== 'StreamHeartbeat',
      IN_TIME_MS,
    );
    if (message.__typename === 'QuoteUpdate') {
      const [sequence, previous] = [BigInt(message.sequence), BigInt(message.previousSequence)];
      expect(sequence - previous).toBe(1n);
      expect(previous).toBe(last ?? previous);
      quotes.push(message);
      last = sequence;
    } else if (runsAsProcesses) last = null;
    else throw new Error(`A gap: ${JSON.stringify(message)}`);
  }
  return quotes;
}

function sameQuote(left: RecordedQuote, right: RecordedQuote | undefined): boolean {
  const keys = ['bidPrice', 'bidQuantity', 'askPrice', 'askQuantity'] as const;
  return keys.every((key) => parseUnits(left[key]) === parseUnits(right?.[key] ?? ''));
}

function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

function roundUp(units: bigint, step: bigint): bigint {
  return divideUp(units, step) * step;
}

// A process dies, as by a power cut, at a point between two steps of an order while clients trade; it is
// started again, the clients repeat what was not answered, and in the end every book is right.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULT_NAMES, type FaultName } from '#shared/faults/fault-point.ts';
import { auditLedger } from '../../prisma/audit/audit-ledger.ts';
import { type Desk, startDesk } from './harness.ts';
import { CANCEL_ORDER, PLACE_ORDER } from './operations.ts';
import { tradeQuotes, unfinishedQuotes } from './quoting-client.ts';
import { limitOrder } from './order-inputs.ts';
import { poll } from './poll.ts';
import type { TraderClient } from './trader-client.ts';

const ROUNDS = Number.parseInt(process.env['CRASH_ROUNDS'] ?? '4', 10);
const SEED = Number.parseInt(process.env['CRASH_SEED'] ?? '1', 10);
const ORDERS = 6;
/** Every point is reached that often by so many orders. */
const TIMES = 3;
const ANSWERED_WITHIN_MS = 60_000;
const COMES_TO_REST_WITHIN_MS = 30_000;

let desk: Desk;
let seller: TraderClient;
let buyer: TraderClient;
let taker: TraderClient;
/** Where the market began, in whole units; orders around it are within the collar. */
let market = 0;
beforeAll(async () => {
  // The house quotes far off, so that clients trade with each other while the market is there for quotes on request.
  desk = await startDesk({ houseSpreadBps: 5000 });
  seller = await desk.aTrader({ BTC: '10' });
  buyer = await desk.aTrader({ USDT: '1000000' });
  taker = await desk.aTrader({ USDT: '1000000' });
  market = await marketPrice();
});
afterAll(() => desk.stop());

async function marketPrice(): Promise<number> {
  const query = '{ instrument(symbol: "BTC-USDT") { quote { bidPrice } } }';
  let bidPrice: string | null = null;
  await poll(async () => {
    const { data } = await taker.send<{ instrument: { quote: { bidPrice: string } | null } }>(
      query,
    );
    bidPrice = data?.instrument.quote?.bidPrice ?? null;
    return bidPrice !== null;
  });
  return Math.floor(Number(bidPrice));
}

/** Repeats a request under its id until it has an outcome, as a careful program does. */
async function untilKnown(
  trader: TraderClient,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<string> {
  let outcome = '';
  await poll(async () => {
    const answer = await trader
      .send<Readonly<Record<string, { readonly __typename: string }>>>(query, variables)
      .catch(() => null);
    const [result] = Object.values(answer?.data ?? {});
    outcome = result?.__typename ?? '';
    return outcome !== '' && outcome !== 'OrderOutcomeUnknown';
  }, ANSWERED_WITHIN_MS);
  return outcome;
}

/** Every order rests or trades; one in three is taken off again where it still rests. */
async function tradeForSure(round: number): Promise<readonly string[]> {
  const outcomes: string[] = [];
  const place = async (trader: TraderClient, side: 'BUY' | 'SELL', number: number) => {
    const clientOrderId = `${side}-${round}-${number}`;
    const order = limitOrder({
      ...{ accountId: trader.accountId, clientOrderId, side },
      ...{ quantity: '0.002', limitPrice: `${side === 'BUY' ? market + 1 : market}` },
    });
    outcomes.push(await untilKnown(trader, PLACE_ORDER, order));
    if (number % 3 !== 0) return;
    const input = { accountId: trader.accountId, order: { clientOrderId } };
    await untilKnown(trader, CANCEL_ORDER, { input });
  };
  const numbers = Array.from({ length: ORDERS }, (_, number) => number);
  await Promise.all([
    (async () => {
      for (const number of numbers) await place(seller, 'SELL', number);
    })(),
    (async () => {
      for (const number of numbers) await place(buyer, 'BUY', number);
    })(),
  ]);
  return outcomes;
}

/** The nth number of a seed, from 0 to 1; any one will do, as long as it is the same again. */
function numberOf(n: number): number {
  const mixed = Math.imul((SEED * 7919 + n) ^ 0x9e3779b9, 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}

function pointOf(round: number): { readonly name: FaultName; readonly count: number } {
  const shift = Math.floor(numberOf(0) * FAULT_NAMES.length);
  const name = FAULT_NAMES[(round + shift) % FAULT_NAMES.length] ?? 'turn-stored';
  return { name, count: 1 + Math.floor(numberOf(round + 1) * TIMES) };
}

describe(`a desk whose processes die (seed ${SEED})`, () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => ({ round, ...pointOf(round) })))(
    'comes to rest with every book right: round $round, at $name, time $count',
    { timeout: 180_000 },
    async ({ round, name, count }) => {
      const unit = name.startsWith('ledger') ? 'account' : 'order';
      let outcomes: readonly string[] = [];
      const hasDied = await desk.crash(unit, `${name}:${count}`, async () => {
        [outcomes] = await Promise.all([tradeForSure(round), tradeQuotes(taker, `r${round}`)]);
      });
      expect(hasDied).toBe(true);
      expect(outcomes).toEqual(Array.from({ length: 2 * ORDERS }, () => 'OrderAccepted'));
      const { account, order } = desk.databaseUrls;
      await poll(
        async () =>
          (await auditLedger({ account, order }, 0)).length === 0 &&
          (await unfinishedQuotes(taker)).length === 0,
        COMES_TO_REST_WITHIN_MS,
      );
      expect(await auditLedger({ account, order }, 0)).toEqual([]);
      expect(await unfinishedQuotes(taker)).toEqual([]);
    },
  );
});

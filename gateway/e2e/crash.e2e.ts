// A process dies, as by a power cut, at a point between two steps of an order while clients trade; it is
// started again, the clients repeat what was not answered, and in the end every book is right.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT_FAULTS, type FaultName } from '#shared/faults/fault-point.ts';
import { auditLedger } from '../../prisma/audit/audit-ledger.ts';
import { type Desk, startDesk } from './support/harness.ts';
import { CANCEL_ORDER, PLACE_ORDER } from './support/operations.ts';
import { takeLevels, tradeQuotes, unfinishedQuotes } from './support/quoting-client.ts';
import { limitOrder } from './support/order-inputs.ts';
import { poll } from './support/poll.ts';
import type { TraderClient } from './support/trader-client.ts';

const ROUNDS = Number.parseInt(process.env['CRASH_ROUNDS'] ?? '4', 10);
const SEED = Number.parseInt(process.env['CRASH_SEED'] ?? '1', 10);
const ORDERS = 6;
/** Every point is reached that often by this many orders. */
const TIMES = 2;
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

/** Two orders of three trade; the others rest beside the market until they are taken off. */
async function tradeForSure(round: number): Promise<readonly string[]> {
  const outcomes: string[] = [];
  const place = async (trader: TraderClient, side: 'BUY' | 'SELL', number: number) => {
    const clientOrderId = `${side}-${round}-${number}`;
    const isTakenOff = number % 3 === 0;
    const [buys, sells] = isTakenOff ? [market - 500, market + 500] : [market + 1, market];
    const order = limitOrder({
      accountId: trader.accountId,
      clientOrderId,
      side,
      quantity: '0.002',
      limitPrice: `${side === 'BUY' ? buys : sells}`,
    });
    outcomes.push(await untilKnown(trader, PLACE_ORDER, order));
    if (!isTakenOff) return;
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

/** Where a process dies, how often such a point was passed then, and where it dies again when it is back. */
interface Crash {
  readonly cells: string;
  readonly names: readonly FaultName[];
}

/**
 * The steps of an order (1 saved, 2 relay, 3 hold, 4 opened, 5 filled and settled, 6 canceled and
 * released, 7 a new process asks again), each before its commit (a), after it (b), after it was told
 * (c), and after that was noted (d). Where two come to the same, one point stands for both.
 */
const CRASHES: readonly Crash[] = [
  { cells: '1a', names: ['submit-not-stored'] },
  { cells: '1b', names: ['submit-stored'] },
  { cells: '2a 2b', names: ['outbox-read'] },
  { cells: '1c 3c', names: ['holds-answered'] },
  { cells: '3a', names: ['hold-not-placed'] },
  { cells: '3b', names: ['hold-placed'] },
  { cells: '4a', names: ['open-not-stored'] },
  { cells: '1d 3d 4b 4c 4d', names: ['open-stored'] },
  { cells: '5a', names: ['fill-not-stored'] },
  { cells: '5b', names: ['fill-stored'] },
  { cells: '5b', names: ['trade-not-settled'] },
  { cells: '5c', names: ['trade-settled'] },
  { cells: '2c 5c 6c', names: ['outbox-answered'] },
  { cells: '2d 5d 6d', names: ['outbox-marked'] },
  { cells: '6a', names: ['cancel-not-stored'] },
  { cells: '6b', names: ['cancel-stored'] },
  { cells: '6b', names: ['hold-not-released'] },
  { cells: '6c', names: ['hold-released'] },
  { cells: '7a', names: ['submit-stored', 'holds-not-asked'] },
  { cells: '7b 7c', names: ['submit-stored', 'holds-answered'] },
  { cells: '7d', names: ['submit-stored', 'open-stored'] },
];
const IN_ACCOUNT: ReadonlySet<FaultName> = new Set(ACCOUNT_FAULTS);

function crashOf(round: number) {
  const shift = Math.floor(numberOf(0) * CRASHES.length);
  const { cells, names } = CRASHES[(round + shift) % CRASHES.length] as Crash;
  const count = 1 + Math.floor(numberOf(round + 1) * TIMES);
  // What a process finds when it is back it does at once.
  const at = names.map((name, life) => `${name}:${life === 0 ? count : 1}`);
  return {
    round,
    cells,
    unit: IN_ACCOUNT.has(names[0] as FaultName) ? 'account' : 'order',
    at,
  } as const;
}

describe(`a desk whose processes die (seed ${SEED})`, () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => crashOf(round)))(
    'comes to rest with every book right: round $round, $cells, $at',
    { timeout: 180_000 },
    async ({ round, unit, at }) => {
      let outcomes: readonly string[] = [];
      const hasDied = await desk.crash(unit, at, async () => {
        [outcomes] = await Promise.all([
          tradeForSure(round),
          tradeQuotes(taker, `r${round}`),
          takeLevels(taker, `r${round}`),
        ]);
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

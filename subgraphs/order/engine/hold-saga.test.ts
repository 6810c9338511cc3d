import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ClientOrderId, OrderId } from '#shared/domain/ids.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FundsCommand, FundsOutcome } from '../domain/ports/funds.ts';
import { NO_LINK, type OrderLink } from '../domain/order-link.ts';
import { money, quantity } from '../domain/test-orders.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';
import { HoldSaga } from './hold-saga.ts';
import {
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { limitAt } from './test-placement.ts';

// The saga with a ledger that answers as the test says, and tells it of everything stored when the test says so.

const logger = createLogger({ unit: 'test', level: 'silent' });
const APPLIED: FundsOutcome = { kind: 'APPLIED', free: null };
const SHORT: FundsOutcome = { kind: 'INSUFFICIENT_FUNDS', free: money('1') };
const ID = 'o' as OrderId;

let store: MemoryJournalStore;
let desk: ReturnType<typeof startDesk>;
let saga: HoldSaga;
let asked: FundsCommand[];
/** What the ledger answers next; it is away if there is none. */
let outcomes: FundsOutcome[];
let waiting: (() => void)[];

/** A call gathers what comes in one round of the event loop. */
async function rounds(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

const statusOf = () => store.orders.get(ID)?.state.status;
/** The ledger knows of everything now. */
const settle = () => {
  for (const resolve of waiting.splice(0)) resolve();
  return rounds();
};

async function submit(side: 'BUY' | 'SELL' = 'BUY', link: OrderLink = NO_LINK): Promise<void> {
  const names = { id: ID, clientOrderId: 'o' as ClientOrderId, accountId: 'a' as AccountId };
  const what = { symbol: SYMBOL, side, quantity: quantity('1'), terms: limitAt('100'), link };
  await desk.engine.submit({ ...names, ...what }, INSTRUMENT);
  await rounds();
}

async function enlarge(): Promise<void> {
  const changes = { quantity: quantity('2') };
  void desk.engine.amend(ID, { amendId: 'm', expectedVersion: null, changes }, INSTRUMENT);
  await rounds();
}

beforeEach(async () => {
  [store, asked, outcomes, waiting] = [new MemoryJournalStore(), [], [], []];
  desk = startDesk(store);
  const { journal, amends, instruments } = desk;
  const apply = (commands: readonly FundsCommand[]) => {
    asked.push(...commands);
    const answers = outcomes.splice(0, commands.length);
    return answers.length === commands.length
      ? Promise.resolve(answers)
      : Promise.reject(new UnavailableError('The ledger is away.', null));
  };
  saga = new HoldSaga({
    ...{ journal, amends, faults: noFault, logger, funds: { apply } },
    instruments,
    settled: () => new Promise((resolve) => waiting.push(resolve)),
    pause: () => new Promise(() => undefined),
  });
  journal.listen(saga);
  await journal.start();
});

describe('a hold', () => {
  it('is asked for again, if too little was free, once the ledger knows of everything that was stored before', async () => {
    outcomes = [SHORT, APPLIED];
    await submit();
    expect([asked.length, statusOf()]).toEqual([1, 'SUBMITTED']);
    await settle();
    expect(asked[1]).toEqual(asked[0]);
    expect([asked.length, statusOf()]).toEqual([2, 'ACCEPTED']);
  });

  it('is released for an order that is denied because too little is free even then', async () => {
    outcomes = [SHORT, SHORT];
    await submit();
    await settle();
    expect([asked.length, statusOf()]).toEqual([2, 'DENIED']);
    expect(store.outbox).toEqual([{ releaseHold: { holdId: ID, accountId: 'a', orderId: ID } }]);
    expectConsistent(store);
  });

  it('is left to the next start, not refused, if the saga stops before', async () => {
    outcomes = [SHORT, SHORT];
    await submit();
    await saga.stop();
    expect([asked.length, statusOf()]).toEqual([1, 'SUBMITTED']);
  });

  it('grows for an amend only once the ledger knows of everything that was stored before', async () => {
    outcomes = [APPLIED, APPLIED];
    await submit();
    await enlarge();
    expect([asked.length, statusOf()]).toEqual([1, 'PENDING_UPDATE']);
    await settle();
    expect([asked.length, statusOf()]).toEqual([2, 'ACCEPTED']);
    expect(store.orders.get(ID)?.quantity).toBe(quantity('2'));
  });

  it('of an exit is asked for what is free, by another exit, if some of what was bought was sold meanwhile', async () => {
    const link = { ...NO_LINK, parentOrderId: 'parent' as OrderId };
    const exits = () =>
      [...store.orders.values()].map((exit) => [exit.quantity, exit.state.status, exit.link]);
    outcomes = [{ kind: 'INSUFFICIENT_FUNDS', free: money('0.400004') }];
    await submit('SELL', link);
    await settle();
    const half = [quantity('0.4'), 'SUBMITTED', link];
    expect(exits()).toEqual([[quantity('1'), 'DENIED', link], half]);
    outcomes = [{ kind: 'INSUFFICIENT_FUNDS', free: money('0.1') }];
    await settle();
    outcomes = [APPLIED];
    await settle();
    expect(exits().slice(1)).toEqual([
      [quantity('0.4'), 'DENIED', link],
      [quantity('0.1'), 'ACCEPTED', link],
    ]);
    expectConsistent(store);
  });

  it('of an exit is asked for no more once everything that was bought is sold', async () => {
    outcomes = [{ kind: 'INSUFFICIENT_FUNDS', free: money('0.000009') }];
    await submit('SELL', { ...NO_LINK, parentOrderId: 'parent' as OrderId });
    await settle();
    expect([...store.orders.values()].map(({ state }) => state.status)).toEqual(['DENIED']);
  });

  it('that grew for the amend of an exit does not wait for a stopped instrument: the amend is denied', async () => {
    outcomes = [APPLIED, APPLIED];
    await submit('SELL', { ...NO_LINK, parentOrderId: 'parent' as OrderId });
    await settle();
    await enlarge();
    desk.instruments.hearStatus(SYMBOL, 'HALTED');
    await settle();
    expect([asked.length, statusOf()]).toEqual([2, 'ACCEPTED']);
    expect(store.events.at(-1)).toMatchObject({
      refusedAmend: { denial: { reason: 'INSTRUMENT_NOT_TRADING' } },
    });
    expectConsistent(store);
  });

  it('is not asked for if its order was stored as the books went to another process', async () => {
    const commit = store.commit.bind(store);
    store.commit = async (changes) => {
      const outbox = await commit(changes);
      desk.journal.resign();
      return outbox;
    };
    await submit();
    expect([asked.length, statusOf()]).toEqual([0, 'SUBMITTED']);
  });
});

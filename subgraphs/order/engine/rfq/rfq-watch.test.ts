import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Price } from '#shared/domain/price.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FundsCommand } from '../../domain/ports/funds.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { NO_PRICER } from '../../domain/rfq/quote-pricer.ts';
import { NOW_MS, price } from '../../domain/test-orders.ts';
import { RfqWatch } from './rfq-watch.ts';
import { AcceptWorld } from './test-accepts.ts';

/** Longer than an instruction waits for its answer. */
const LONG_MS = 1000;

describe('the watch of settlements', () => {
  let world: AcceptWorld;
  let watch: RfqWatch;
  let trades: readonly FundsCommand[];
  /** The statuses that each stored turn has brought. */
  let turns: string[][];
  beforeEach(async () => {
    world = new AcceptWorld();
    world.market();
    await world.quoted();
    await world.accept();
    await world.answerHold();
    trades = world.store.outbox.filter((command) => 'settleTrade' in command);
    expect(trades).toHaveLength(1);
    watch = new RfqWatch({
      ...{ journal: world.desk.journal, clock: { now: () => world.now } },
      // Nothing but settlements is to be seen.
      quoting: { pricer: NO_PRICER, settings: { ...RFQ_SETTINGS, requoteMs: Infinity } },
      logger: createLogger({ unit: 'test', level: 'silent' }),
    });
    turns = [];
    const commit = world.store.commit.bind(world.store);
    world.store.commit = (changes) => {
      const { events } = changes.rfq;
      turns.push(events.flatMap(({ settlement }) => settlement?.state.status ?? []));
      return commit(changes);
    };
  });
  afterEach(() => watch.stop());
  const settlement = () => [...world.store.rfq.settlements.values()].at(0)?.state;

  it('records an instruction together with its answer, at the time at which it was sent', async () => {
    watch.telling(trades);
    world.now += 10;
    watch.applied(trades);
    await watch.stop();
    expect(turns).toEqual([['INSTRUCTED', 'SETTLED']]);
    expect(settlement()).toEqual({
      ...{ status: 'SETTLED', instructedAt: NOW_MS, settledAt: NOW_MS + 10 },
    });
  });

  it('records an instruction alone if the ledger does not answer soon, and once', async () => {
    watch.telling(trades);
    watch.look();
    world.now += LONG_MS;
    watch.look();
    watch.telling(trades);
    world.now += LONG_MS;
    watch.look();
    await watch.stop();
    expect(turns).toEqual([['INSTRUCTED']]);
    watch.refused(trades);
    await watch.stop();
    watch.telling(trades);
    world.now += LONG_MS;
    watch.look();
    watch.applied(trades);
    await watch.stop();
    expect(turns).toEqual([['INSTRUCTED'], ['FAILED'], ['SETTLED']]);
    expect(settlement()).toMatchObject({ instructedAt: NOW_MS });
  });

  it('settles what a lost turn did not once the store answers, though no command arrives', async () => {
    const { rfq } = world.store;
    const record = rfq.record.bind(rfq);
    rfq.record = () => record(() => true);
    world.desk.journal.listen(watch);
    world.store.failsNext = true;
    watch.applied(trades);
    await watch.stop();
    watch.look();
    await watch.stop();
    expect(settlement()).toMatchObject({ status: 'PENDING' });
    world.now += LONG_MS;
    watch.look();
    await watch.stop();
    await watch.stop();
    expect(settlement()).toMatchObject({ status: 'SETTLED' });
  });

  it('forgets what another process instructs from now on', async () => {
    watch.telling(trades);
    watch.resigned();
    world.now += LONG_MS;
    watch.look();
    await watch.stop();
    expect(turns).toEqual([]);
  });
});

describe('the watch of last looks', () => {
  it.each([
    ['at the first market', 1, 'FILLED / FILLED'],
    ['at the end of the window', RFQ_SETTINGS.lastLookMs, 'REJECTED NOT_QUOTING / REJECTED'],
  ])('has one taken %s, though no command arrives', async (_when, afterMs, state) => {
    const world = new AcceptWorld();
    world.market();
    await world.quoted();
    await world.accept();
    world.market(true);
    await world.answerHold();
    let mid: Price | null = null;
    const watch = new RfqWatch({
      ...{ journal: world.desk.journal, clock: { now: () => world.now } },
      quoting: {
        pricer: { ...NO_PRICER, midPrice: () => mid },
        settings: { ...RFQ_SETTINGS, requoteMs: Infinity },
      },
      logger: createLogger({ unit: 'test', level: 'silent' }),
    });
    watch.look();
    await watch.stop();
    expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
    world.now += afterMs;
    if (state.startsWith('FILLED')) {
      world.market();
      mid = price('100');
    }
    watch.look();
    await watch.stop();
    expect(world.state()).toBe(state);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { RfqId } from '#shared/domain/ids.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { NOW_MS } from '../../domain/test-orders.ts';
import { INSTRUMENT } from '../test-journal.ts';
import { AcceptWorld, ANNA, APPLIED, orderIdOf, RFQ } from './test-accepts.ts';

let world: AcceptWorld;
beforeEach(async () => {
  world = new AcceptWorld();
  world.market();
  await world.quoted();
});

describe('an accept', () => {
  it('is rejected after ten seconds without its hold, which is released, and is no credit used', async () => {
    await world.accept();
    world.now += 9999;
    await world.turn();
    expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
    world.now += 1;
    await world.turn();
    expect(world.state()).toBe('REJECTED TECHNICAL / CANCELED');
    expect(world.store.outbox).toMatchObject([{ releaseHold: { orderId: orderIdOf(RFQ) } }]);
    const { client, desk } = await world.engine.creditUse(ANNA, INSTRUMENT, null);
    expect([client.gross, desk.gross]).toEqual([0n, 0n]);
    world.market();
    await world.answerHold();
    expect(world.state()).toBe('REJECTED TECHNICAL / CANCELED');
  });

  it.each([-3_600_000, 3_600_000])(
    'waits neither longer nor shorter for its hold when the clock is set by %s ms',
    async (setMs) => {
      await world.accept();
      world.setClock(setMs);
      world.now += 9999;
      await world.turn();
      expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
      world.now += 1;
      await world.turn();
      expect(world.state()).toBe('REJECTED TECHNICAL / CANCELED');
    },
  );

  it('is rejected by its last look if it arrived ten seconds ago, and not before', async () => {
    await world.accept(RFQ, INSTRUMENT, { arrivedAt: NOW_MS - 1 });
    world.now += 9999;
    world.market();
    await world.answerHold();
    expect(world.state()).toBe('REJECTED TECHNICAL / REJECTED');
    const other = 'other' as RfqId;
    await world.quoted(other);
    await world.accept(other);
    world.now += 9999;
    world.market();
    await world.answerHold(APPLIED, other);
    expect(world.state(other)).toBe('FILLED / FILLED');
  });
});

describe('a last look', () => {
  it.each([
    [1, 'NOT_QUOTING'],
    [-1, 'NOT_QUOTING'],
    [200, 'NOT_QUOTING'],
    [-3_600_000, 'TECHNICAL'],
    [3_600_000, 'TECHNICAL'],
  ])('waits neither longer nor shorter when the clock is set by %s ms', async (setMs, reason) => {
    await world.accept();
    world.market(true);
    await world.answerHold();
    world.setClock(setMs);
    world.now += RFQ_SETTINGS.lastLookMs - 1;
    await world.turn();
    expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
    world.now += 1;
    await world.turn();
    expect(world.state()).toBe(`REJECTED ${reason} / REJECTED`);
  });

  it('is over when its accept has waited for ten seconds', async () => {
    await world.accept();
    world.market(true);
    world.now += 9999;
    await world.answerHold();
    expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
    world.now += 1;
    world.market();
    await world.turn();
    expect(world.state()).toBe('REJECTED TECHNICAL / CANCELED');
    expect([...(world.desk.journal.state?.rfqs.looks() ?? [])]).toEqual([]);
  });
});

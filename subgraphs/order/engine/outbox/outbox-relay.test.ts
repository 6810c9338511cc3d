import { describe, expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { type FundsCommand, FundsRefusedError } from '../../domain/ports/funds.ts';
import type { ChangeSet } from '../../domain/ports/journal-store.ts';
import type { OutboxEntry } from '../../domain/ports/outbox.ts';
import { anOpenOrder } from '../../domain/test-orders.ts';
import { releaseOf } from '../end-order.ts';
import { OutboxRelay } from './outbox-relay.ts';

/** A release of each order. */
function releasesOf(ids: readonly string[]): OutboxEntry[] {
  const order = anOpenOrder('BUY', '64000', '1');
  return ids.map((id, index) => ({
    position: BigInt(index + 1),
    command: releaseOf({ ...order, id: id as OrderId }),
  }));
}

const idOf = (command: FundsCommand) =>
  ('releaseHold' in command && command.releaseHold.orderId) || '';

/** Longer than an applied entry waits for a turn, and shorter than any retry. */
const BEFORE_RETRIES_MS = 50;

/**
 * A relay of an outbox with releases, of which the ledger refuses some, and what happened in its
 * order. Applied entries wait for a turn until `markNow`.
 */
function aRelay(ids: readonly string[] = ['o-1'], refused = new Set<string>()) {
  const happened: string[] = [];
  const unsent = releasesOf(ids);
  const apply = (commands: readonly FundsCommand[]) => {
    if (commands.some((command) => refused.has(idOf(command))))
      return Promise.reject(new FundsRefusedError('one of them cannot be'));
    happened.push(`${commands.length} sent`);
    return Promise.resolve(commands.map(() => ({ kind: 'APPLIED', free: null }) as const));
  };
  let pauses: (goOn: () => void) => void = () => undefined;
  const paused = new Promise<() => void>((resolve) => (pauses = resolve));
  const reads: number[] = [];
  /** What looks at the outbox and marks in it wait for. */
  const slow = { look: Promise.resolve(), mark: Promise.resolve() };
  const mark = (positions: readonly bigint[]) => {
    const left = unsent.filter(({ position }) => !positions.includes(position));
    unsent.splice(0, unsent.length, ...left);
  };
  let markNow: () => void = () => undefined;
  const relay = new OutboxRelay({
    outbox: {
      unsent: async () => {
        reads.push(unsent.length);
        const found = [...unsent];
        await slow.look;
        return found;
      },
      markSent: async (positions) => {
        happened.push(`${positions.length} marked`);
        await slow.mark;
        mark(positions);
      },
    },
    funds: { apply },
    faults: noFault,
    logger: createLogger({ unit: 'test', level: 'silent' }),
    pause: (ms, stopping) =>
      stopping.wait((done) => {
        if (ms < BEFORE_RETRIES_MS) markNow = done;
        else pauses(done);
        return () => undefined;
      }),
  });
  /** A turn that stores a release, and marks what the ledger has applied. */
  const takeTurn = (id: string) => {
    const applied = relay.takeApplied();
    const [entry] = releasesOf([id]) as [OutboxEntry];
    const stored = { ...entry, position: BigInt(Number(id.slice(2))) };
    unsent.push(stored);
    mark(applied);
    relay.committed({ applied } as ChangeSet, [stored]);
  };
  return { relay, unsent, happened, paused, reads, slow, takeTurn, markNow: () => markNow() };
}

const aMoment = () => new Promise((resolve) => setImmediate(resolve));

describe('the outbox relay', () => {
  it('sends what was left when somebody waits for it before the books are read', async () => {
    const { relay, unsent, happened } = aRelay();
    // As the exit of an order does, that a former run left submitted.
    const settled = relay.settled().then(() => happened.push('settled'));
    relay.loaded();
    await settled;
    expect(happened).toEqual(['1 sent', 'settled']);
    await relay.stop();
    expect(unsent).toEqual([]);
  });

  it('sends what a turn has stored without reading it, and lets the next turn mark it', async () => {
    const { relay, unsent, happened, reads, takeTurn, markNow } = aRelay([]);
    relay.loaded();
    await relay.settled();
    for (const id of ['o-1', 'o-2', 'o-3']) {
      takeTurn(id);
      await aMoment();
    }
    expect(reads).toEqual([0]);
    expect(unsent.map(({ position }) => position)).toEqual([3n]);
    markNow();
    await aMoment();
    expect(happened).toEqual(['1 sent', '1 sent', '1 sent', '1 marked']);
    expect(unsent).toEqual([]);
    await relay.stop();
  });

  it('marks by itself what was given to a turn that was not stored', async () => {
    const { relay, unsent, happened, takeTurn, markNow } = aRelay([]);
    relay.loaded();
    await relay.settled();
    takeTurn('o-1');
    await aMoment();
    expect(relay.takeApplied()).toEqual([1n]);
    expect(relay.takeApplied()).toEqual([]);
    markNow();
    await aMoment();
    expect([happened, unsent]).toEqual([['1 sent', '1 marked'], []]);
    await relay.stop();
  });

  it('counts as unsettled what is stored by the turn after which somebody asks', async () => {
    const { relay, happened, takeTurn } = aRelay([]);
    relay.loaded();
    await relay.settled();
    // Another listener to the same turn, which was notified first.
    const settled = relay.settled().then(() => happened.push('settled'));
    takeTurn('o-1');
    await settled;
    expect(happened).toEqual(['1 sent', 'settled']);
    await relay.stop();
  });

  it('lets nobody wait for what is stored after they asked, which has no end while orders trade', async () => {
    const { relay, happened, takeTurn } = aRelay([]);
    relay.loaded();
    await relay.settled();
    let turns = 1;
    relay.listen({
      telling: () => {
        if (turns < 50) takeTurn(`o-${(turns += 1)}`);
      },
      applied: () => undefined,
      refused: () => undefined,
    });
    takeTurn('o-1');
    await relay.settled().then(() => happened.push('settled'));
    expect(happened[0]).toBe('1 sent');
    expect(happened.indexOf('settled')).toBeLessThan(5);
    await relay.settled();
    await relay.stop();
  });

  it('reads the store again after a turn was lost, and sends what it finds there', async () => {
    const { relay, unsent, happened, reads, takeTurn } = aRelay([]);
    relay.loaded();
    await relay.settled();
    takeTurn('o-1');
    await aMoment();
    unsent.push(...releasesOf(['o-1', 'o-2']).slice(1));
    relay.loaded();
    await relay.settled();
    expect(reads).toEqual([0, 2]);
    expect(happened).toEqual(['1 sent', '2 sent']);
    await relay.stop();
    expect(unsent).toEqual([]);
  });

  it('sends what is stored while it reads the store, even if a mark fails meanwhile', async () => {
    const { relay, unsent, happened, slow, takeTurn, markNow } = aRelay([]);
    relay.loaded();
    await relay.settled();
    takeTurn('o-1');
    await aMoment();
    let failMark: (cause: Error) => void = () => undefined;
    slow.mark = new Promise((_resolve, reject) => (failMark = reject));
    markNow();
    await aMoment();
    let endLook: () => void = () => undefined;
    slow.look = new Promise((resolve) => (endLook = resolve));
    // A turn was lost, and the next one is stored after the look.
    relay.loaded();
    await aMoment();
    takeTurn('o-2');
    slow.mark = Promise.resolve();
    failMark(new Error('no answer'));
    await aMoment();
    endLook();
    await relay.settled();
    expect(happened).toEqual(['1 sent', '1 marked', '1 sent', '1 marked', '1 sent']);
    await relay.stop();
    expect(unsent).toEqual([]);
  });

  it('stops once what the ledger has applied is marked', async () => {
    const { relay, unsent, happened, slow } = aRelay();
    let endMark: () => void = () => undefined;
    slow.mark = new Promise((resolve) => (endMark = resolve));
    relay.loaded();
    await relay.settled();
    const stopped = relay.stop().then(() => happened.push('stopped'));
    await aMoment();
    expect(happened).toEqual(['1 sent', '1 marked']);
    endMark();
    await stopped;
    expect(unsent).toEqual([]);
  });

  it('finds the one that the ledger refuses, tells of it alone, and sends all before it and none behind', async () => {
    const refused = new Set(['o-5']);
    const ids = Array.from({ length: 8 }, (_none, index) => `o-${index}`);
    const { relay, unsent, paused, markNow } = aRelay(ids, refused);
    const told: string[] = [];
    relay.listen({
      telling: () => undefined,
      applied: (commands) => told.push(...commands.map(idOf)),
      refused: (commands) => told.push(`refused ${commands.map(idOf).join()}`),
    });
    relay.loaded();
    const settled = relay.settled();
    const goOn = await paused;
    expect(told).toEqual(['o-0', 'o-1', 'o-2', 'o-3', 'o-4', 'refused o-5']);
    markNow();
    await aMoment();
    expect(unsent.map(({ command }) => idOf(command))).toEqual(['o-5', 'o-6', 'o-7']);
    // The ledger was put right.
    refused.clear();
    goOn();
    await settled;
    expect(told.slice(6)).toEqual(['o-5', 'o-6', 'o-7']);
    await relay.stop();
  });

  it('says that all is settled only while the outbox is its own', async () => {
    const { relay, happened } = aRelay();
    relay.loaded();
    await relay.settled();
    const settled = relay.settled().then(() => happened.push('settled'));
    relay.resigned();
    await aMoment();
    expect(happened).not.toContain('settled');
    relay.loaded();
    await settled;
    expect(happened.at(-1)).toBe('settled');
    await relay.stop();
  });
});

import { describe, expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { type FundsCommand, FundsRefusedError } from '../domain/funds.ts';
import type { OutboxEntry } from '../domain/outbox.ts';
import { anOpenOrder } from '../domain/test-orders.ts';
import { releaseOf } from './end-order.ts';
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

/** A relay of an outbox with releases, of which the ledger refuses some, and what happened in its order. */
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
  const relay = new OutboxRelay({
    outbox: {
      unsent: () => Promise.resolve([...unsent]),
      markSent: (entries) => Promise.resolve(void unsent.splice(0, entries.length)),
    },
    funds: { apply },
    faults: noFault,
    logger: createLogger({ unit: 'test', level: 'silent' }),
    pause: (_, stopping) =>
      stopping.wait((done) => {
        pauses(done);
        return () => undefined;
      }),
  });
  return { relay, unsent, happened, paused };
}

describe('the outbox relay', () => {
  it('sends what was left when somebody waits for it before the books are read', async () => {
    const { relay, unsent, happened } = aRelay();
    // As the exit of an order does, that a former run left submitted.
    const settled = relay.settled().then(() => happened.push('settled'));
    relay.loaded();
    await settled;
    expect(happened).toEqual(['1 sent', 'settled']);
    expect(unsent).toEqual([]);
    await relay.stop();
  });

  it('finds the one that the ledger refuses, tells of it alone, and sends all before it and none behind', async () => {
    const refused = new Set(['o-5']);
    const ids = Array.from({ length: 8 }, (_none, index) => `o-${index}`);
    const { relay, unsent, paused } = aRelay(ids, refused);
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
    await new Promise((resolve) => setImmediate(resolve));
    expect(happened).not.toContain('settled');
    relay.loaded();
    await settled;
    expect(happened.at(-1)).toBe('settled');
    await relay.stop();
  });
});

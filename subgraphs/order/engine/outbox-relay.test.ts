import { describe, expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FundsCommand } from '../domain/funds.ts';
import type { OutboxEntry } from '../domain/outbox.ts';
import { anOpenOrder } from '../domain/test-orders.ts';
import { releaseOf } from './end-order.ts';
import { OutboxRelay } from './outbox-relay.ts';

/** A relay of an outbox with one release, and what happened in its order. */
function aRelay() {
  const happened: string[] = [];
  const command: FundsCommand = releaseOf({
    ...anOpenOrder('BUY', '64000', '1'),
    id: 'o-1' as OrderId,
  });
  const unsent: OutboxEntry[] = [{ position: 1n, command }];
  const relay = new OutboxRelay({
    outbox: {
      unsent: () => Promise.resolve([...unsent]),
      markSent: () => Promise.resolve(void unsent.splice(0)),
    },
    funds: {
      apply: (commands) => {
        happened.push(`${commands.length} sent`);
        return Promise.resolve(commands.map(() => ({ kind: 'APPLIED', free: null }) as const));
      },
    },
    faults: noFault,
    logger: createLogger({ unit: 'test', level: 'silent' }),
  });
  return { relay, unsent, happened };
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

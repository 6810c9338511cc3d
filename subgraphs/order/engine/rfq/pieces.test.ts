import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RfqId } from '#shared/domain/ids.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { INSTRUMENT } from '../test-journal.ts';
import { AcceptWorld, APPLIED } from './test-accepts.ts';

// A client requests a quantity in pieces and accepts them, all in one moment and in any order; some holds are refused.

/** The best level, and then one after the other, each so many ticks behind and with so many tenths of a unit. */
const levels = fc.array(
  fc.record({ behind: fc.integer({ min: 1, max: 30 }), tenths: fc.integer({ min: 1, max: 20 }) }),
  { minLength: 1, maxLength: 4 },
);
const which = fc.nat({ max: 20 });
const step = fc.oneof(
  fc.record({ request: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ accept: which }),
  { weight: 2, arbitrary: fc.record({ answer: which, isRefused: fc.boolean() }) },
);

describe('pieces of one moment', () => {
  it('cost together what the whole costs, but for the tolerance of the last look', async () => {
    await fc.assert(
      fc.asyncProperty(
        levels,
        fc.array(step, { minLength: 8, maxLength: 40 }),
        async (behind, steps) => {
          const world = new AcceptWorld();
          let ticks = 10_001;
          const asks = [...behind, { behind: 40, tenths: 500 }].map(
            (level, index): [string, string] => {
              if (index > 0) ticks += level.behind;
              return [(ticks / 100).toFixed(2), (level.tenths / 10).toFixed(1)];
            },
          );
          world.thinMarket(asks);
          const ids: RfqId[] = [];
          const pending = new Set<RfqId>();
          const answer = async (id: RfqId, isRefused: boolean) => {
            pending.delete(id);
            await world.answerHold(
              isRefused ? { kind: 'INSUFFICIENT_FUNDS', free: null } : APPLIED,
              id,
            );
          };
          for (const next of steps) {
            if ('request' in next) {
              if (ids.length === 10) continue;
              const id = `piece-${ids.length}` as RfqId;
              await world.quoted(id, (next.request / 10).toFixed(1));
              ids.push(id);
            } else if ('accept' in next) {
              const id = ids[next.accept % Math.max(1, ids.length)];
              if (
                id !== undefined &&
                (await world.accept(id)) === 'pending' &&
                world.state(id).startsWith('ACCEPT_PENDING')
              )
                pending.add(id);
            } else {
              const id = [...pending][next.answer % Math.max(1, pending.size)];
              if (id !== undefined) await answer(id, next.isRefused);
            }
          }
          for (const id of [...pending]) await answer(id, false);
          let [sum, cost, count] = [0n, 0n, 0n];
          for (const { state } of world.store.rfq.rfqs.values()) {
            if (state.status !== 'FILLED') continue;
            sum += state.accept.quantity;
            cost += state.accept.quantity * state.fillPrice;
            count += 1n;
          }
          if (sum === 0n) return;
          const whole = world.askedFor(quantityOfUnits(sum));
          expect(whole).not.toBeNull();
          if (whole === null) return;
          const tolerance = (whole * sum * BigInt(RFQ_SETTINGS.pricing.spreadBps)) / 10_000n;
          const rounding = (count + 1n) * INSTRUMENT.tickSize * sum;
          expect(cost + tolerance + rounding).toBeGreaterThanOrEqual(whole * sum);
        },
      ),
      { numRuns: 200 },
    );
  });
});

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
const book = fc.record({ behind: levels });

type Levels = typeof levels extends fc.Arbitrary<infer One> ? One : never;
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** A client in a world of its own. */
class Client {
  readonly world = new AcceptWorld();
  readonly #ids: RfqId[] = [];
  readonly #pending = new Set<RfqId>();

  constructor(behind: Levels) {
    this.hear(behind);
  }

  /** Another book, with the same best prices. */
  hear(behind: Levels): void {
    let ticks = 10_001;
    const asks = [...behind, { behind: 40, tenths: 500 }].map((level, index): [string, string] => {
      if (index > 0) ticks += level.behind;
      return [(ticks / 100).toFixed(2), (level.tenths / 10).toFixed(1)];
    });
    this.world.thinMarket(asks);
  }

  async do(next: Step): Promise<void> {
    if ('request' in next) return this.#request((next.request / 10).toFixed(1));
    if ('accept' in next) return this.#accept(this.#ids[next.accept % (this.#ids.length || 1)]);
    const id = [...this.#pending][next.answer % (this.#pending.size || 1)];
    if (id !== undefined) await this.#answer(id, next.isRefused);
  }

  /** All holds are placed. @returns the quantities and prices of what is filled */
  async end() {
    for (const id of [...this.#pending]) await this.#answer(id, false);
    return [...this.world.store.rfq.rfqs.values()].flatMap(({ state }) =>
      state.status === 'FILLED'
        ? [{ quantity: state.accept.quantity, price: state.fillPrice, look: state.lastLook }]
        : [],
    );
  }

  async #request(size: string): Promise<void> {
    if (this.#ids.length === 10) return;
    const id = `piece-${this.#ids.length}` as RfqId;
    await this.world.quoted(id, size);
    this.#ids.push(id);
  }

  async #accept(id: RfqId | undefined): Promise<void> {
    if (id === undefined || (await this.world.accept(id)) !== 'pending') return;
    if (this.world.state(id).startsWith('ACCEPT_PENDING')) this.#pending.add(id);
  }

  async #answer(id: RfqId, isRefused: boolean): Promise<void> {
    this.#pending.delete(id);
    await this.world.answerHold(
      isRefused ? { kind: 'INSUFFICIENT_FUNDS', free: null } : APPLIED,
      id,
    );
  }
}

describe('pieces of one moment', () => {
  it('cost together what the whole costs, but for the tolerance of the last look', async () => {
    await fc.assert(
      fc.asyncProperty(
        levels,
        fc.array(step, { minLength: 8, maxLength: 40 }),
        async (behind, steps) => {
          const client = new Client(behind);
          for (const next of steps) await client.do(next);
          const fills = await client.end();
          if (fills.length === 0) return;
          let [sum, cost] = [0n, 0n];
          for (const { quantity, price } of fills) {
            sum += quantity;
            cost += quantity * price;
          }
          const whole = client.world.askedFor(quantityOfUnits(sum));
          expect(whole).not.toBeNull();
          if (whole === null) return;
          const tolerance = (whole * sum * BigInt(RFQ_SETTINGS.pricing.spreadBps)) / 10_000n;
          const rounding = (BigInt(fills.length) + 1n) * INSTRUMENT.tickSize * sum;
          expect(cost + tolerance + rounding).toBeGreaterThanOrEqual(whole * sum);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('cost no less than the middle of the market, however the book behind it changes', async () => {
    const steps = fc.array(fc.oneof({ weight: 4, arbitrary: step }, book), {
      minLength: 12,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(levels, steps, async (first, those) => {
        const client = new Client(first);
        for (const next of those)
          if ('behind' in next) client.hear(next.behind);
          else await client.do(next);
        for (const { price, look } of await client.end())
          expect(price).toBeGreaterThanOrEqual(look.midPrice ?? 0n);
      }),
      { numRuns: 200 },
    );
  });
});

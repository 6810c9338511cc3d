import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ONE } from '#shared/domain/decimal.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { acceptOf } from '../../domain/rfq/rfq.ts';
import type { LevelFrame } from '../../domain/rfq/price-level.ts';
import { quoteSideFor } from '../../domain/rfq/rfq-quote.ts';
import { money, quantity } from '../../domain/test-orders.ts';
import { expectConsistent, INSTRUMENT } from '../test-journal.ts';
import { LevelWorld, type Offer } from './test-levels.ts';
import { expectSound } from './test-sound-rfqs.ts';

// Random clients follow levels and take any that was ever shown: the newest, an old one, an altered one, another client's,
// the same one again. The market moves, time passes, the store fails and the process restarts. A level trades exactly if
// it is the account's own, in its newest frame, in time, not taken yet, with its terms, and within the credit limits.

const ACCOUNTS = ['anna', 'otto'] as const;
const account = fc.constantFrom(...ACCOUNTS);
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      account,
      offer: fc.nat({ max: 1000 }),
      side: fc.constantFrom('BUY', 'SELL'),
      isNewest: fc.boolean(),
      altered: fc.constantFrom('no', 'no', 'no', 'no', 'price', 'quantity', 'id'),
      isAnswered: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ market: fc.integer({ min: 9995, max: 10_005 }) }) },
  { weight: 4, arbitrary: fc.record({ wait: fc.constantFrom(1, 100, 250, 1000, 2500) }) },
  fc.record({ fails: fc.constant(true) }),
  fc.record({ restart: fc.constant(true) }),
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;
type Taking = Extract<Command, { readonly offer: number }>;

/** What the clients know: every level they were ever shown, and their newest frames. */
class Clients {
  readonly world = new LevelWorld({
    credit: {
      client: { gross: money('2000'), net: money('900') },
      desk: { gross: money('3000'), net: money('1500') },
    },
  });
  readonly #offers: Offer[] = [];
  readonly #newest = new Map<string, LevelFrame>();
  readonly #taken = new Set<string>();

  async begin(): Promise<this> {
    await this.world.begin();
    await this.#follow();
    return this;
  }

  async run(next: Command): Promise<void> {
    const { world } = this;
    if ('offer' in next) await this.#take(next);
    else if ('market' in next) world.market(next.market);
    else if ('wait' in next) world.wait(next.wait);
    else if ('fails' in next) await this.#fail();
    else await this.#restart();
    await allIsRead();
  }

  async #fail(): Promise<void> {
    this.world.store.failsNext = true;
    await expect(this.world.desk.journal.start()).rejects.toThrow();
    await this.world.desk.journal.start();
  }

  async #restart(): Promise<void> {
    await this.world.restart();
    await this.#follow();
  }

  async #follow(): Promise<void> {
    this.#newest.clear();
    for (const one of ACCOUNTS)
      void this.#read(one, this.world.follow(one, [quantity('1'), quantity('3')]));
    await allIsRead();
  }

  async #read(one: string, stream: AsyncIterable<LevelFrame>): Promise<void> {
    for await (const frame of stream) {
      this.#newest.set(one, frame);
      for (const shown of frame.levels)
        if (shown.kind === 'firm') this.#offers.push({ account: one, shown });
    }
  }

  async #take({ account: taker, ...next }: Taking): Promise<void> {
    const { world } = this;
    const isShown = (offer: Offer) =>
      this.#newest.get(offer.account)?.levels.includes(offer.shown) === true;
    const offers = next.isNewest ? this.#offers.filter(isShown) : this.#offers;
    const offer = offers[next.offer % Math.max(1, offers.length)];
    const offered = offer === undefined ? null : quoteSideFor(next.side, offer.shown.level);
    if (offer === undefined || offered === null) return;
    const { quoteId } = offer.shown;
    const newest = this.#newest
      .get(taker)
      ?.levels.find((one) => one.kind === 'firm' && one.quoteId === quoteId);
    const mayTrade =
      newest?.kind === 'firm' &&
      world.now < newest.level.validUntil &&
      !this.#taken.has(quoteId) &&
      next.altered === 'no';
    const { price, quantity: size } = offered;
    const outcome = await world.accept({
      ...{ account: taker, side: next.side },
      quoteId: next.altered === 'id' ? (`${quoteId}0` as typeof quoteId) : quoteId,
      offered: {
        price: next.altered === 'price' ? priceOfUnits(price + INSTRUMENT.tickSize) : price,
        quantity: next.altered === 'quantity' ? quantityOfUnits(size + ONE) : size,
      },
    });
    if (outcome === 'pending') this.#taken.add(quoteId);
    if (mayTrade) expect(['pending', 'CREDIT_LIMIT_EXCEEDED']).toContain(outcome);
    else expect(outcome).not.toBe('pending');
    if (!next.isAnswered) return;
    await world.answerHolds();
    // A rejected accept hides no levels any more, which streams learn when the desk looks next.
    world.wait(0);
  }
}

/** Waits until streams have sent what they have. */
function allIsRead(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('random levels', () => {
  it('trade exactly if they are shown, in time, the account’s own, unaltered, and only once', async () => {
    let trades = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 50 }), async (commands) => {
        const clients = await new Clients().begin();
        const { world } = clients;
        for (const next of commands) {
          await clients.run(next);
          expectSound(world.store);
        }
        world.market(10_000);
        await world.answerHolds();
        await world.desk.journal.run(() => undefined);
        expectSound(world.store);
        expectConsistent(world.store);
        const rfqs = [...world.store.rfq.rfqs.values()];
        const used = rfqs.map((rfq) => acceptOf(rfq)?.quoteId);
        expect(new Set(used).size).toBe(rfqs.length);
        trades += rfqs.filter(({ state }) => state.status === 'FILLED').length;
      }),
      { numRuns: 150 },
    );
    expect(trades).toBeGreaterThan(20);
  });
});

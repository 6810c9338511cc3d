// A real session of Kraken's WebSocket v1 through decoder and markets: whole, and with frames that
// were lost, doubled or changed places on their way.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { MarketState } from '../../domain/market-state.ts';
import { Markets } from '../../domain/markets.ts';
import { drawnExactly, instrument } from '../../test-market.ts';
import { recordedData } from '../../test-recordings.ts';
import { receivedFrames } from '../../test-venue-session.ts';
import { KrakenV1Decoder } from './test-kraken-v1-decoder.ts';

const path = recordedData('venue-sessions/KRAKEN.ws.50.0.gz');
const DEPTH = 1000;
const NAMES =
  'WAVES-EUR XMR-USD KSM-XBT GRT-ETH SC-EUR ETH-CHF OCEAN-XBT OMG-USD XBT-CHF ADA-XBT'.split(' ');

/** A decoder and the market that it moves. */
class Follower {
  readonly #decoder: KrakenV1Decoder;
  readonly markets: Markets;
  checked = 0;

  constructor(names: readonly string[]) {
    const instruments = names.map((name) => instrument(name, 9, 8));
    this.#decoder = new KrakenV1Decoder(
      new Map(instruments.map(({ symbol }) => [symbol.replace('-', '/'), symbol])),
    );
    this.markets = new Markets({ instruments, venue: 'kraken', nowMs: 0 });
    this.markets.apply({ kind: 'connection', isConnected: true }, 0);
  }

  get needsSnapshot(): readonly string[] {
    return this.#decoder.needsSnapshot();
  }

  take(frame: string): void {
    const events = this.#decoder.frame(frame);
    for (const event of events) this.markets.apply(event, 0);
    if (frame.includes('"c":') && events[0]?.kind === 'bookUpdate') this.checked += 1;
  }

  market(name: string): MarketState {
    const market = this.markets.get(name);
    if (market === undefined) throw new Error(`there is no market of ${name}`);
    return market;
  }
}

/** The whole book as the venue would send it to somebody who subscribes now. */
function snapshotFrame(market: MarketState, pair: string): string {
  const { bids, asks } = market.book.top(DEPTH);
  const { priceScale, quantityScale } = DIGITS[pair] ?? { priceScale: 0, quantityScale: 0 };
  const side = (all: typeof bids) =>
    all.map(({ price, quantity }) => [
      formatPrice(price, priceScale),
      formatQuantity(quantity, quantityScale),
      '1618678134.0',
    ]);
  return JSON.stringify([1, { as: side(asks), bs: side(bids) }, `book-${DEPTH}`, pair]);
}

/** How many digits the venue writes after the point. */
const DIGITS: Record<string, { priceScale: number; quantityScale: number }> = {
  'XMR/USD': { priceScale: 8, quantityScale: 8 },
  'ETH/CHF': { priceScale: 5, quantityScale: 8 },
  'SC/EUR': { priceScale: 6, quantityScale: 8 },
};

describe.skipIf(path === null)('the Kraken v1 session', () => {
  const frames = path === null ? [] : receivedFrames(path);

  it('has the checksum that the venue sent after each of its 4,269 updates', () => {
    const follower = new Follower(NAMES);
    for (const frame of frames) follower.take(frame);
    expect(follower.checked).toBe(4269);
    expect(follower.markets.status()).toMatchObject({ state: 'CONNECTED', gapCount: 0 });
    expect(follower.needsSnapshot).toEqual([]);
    for (const { book } of follower.markets.all()) {
      const { bids, asks } = book.top(DEPTH + 1);
      expect(bids.length <= DEPTH && asks.length <= DEPTH).toBe(true);
      expect((bids[0]?.price ?? 0n) < (asks[0]?.price ?? 0n)).toBe(true);
    }
  });

  it.each(Object.keys(DIGITS))('of %s is never wrong in silence, and heals', (pair) => {
    const sent = frames.filter((frame) => frame.endsWith(`"${pair}"]`));
    const name = pair.replace('/', '-');
    let detected = 0;
    fc.assert(
      fc.property(
        fc.constantFrom('drop', 'double', 'swap'),
        fc.integer({ min: 1, max: sent.length - 2 }),
        fc.integer({ min: 1, max: 20 }),
        (kind, at, patience) => {
          const truth = new Follower([name]);
          const ours = new Follower([name]);
          let lostFor = 0;
          for (const [index, frame] of sent.slice(0, at + 200).entries()) {
            truth.take(frame);
            for (const each of arriving(sent, index, { kind, at })) ours.take(each);
            const [right, shown] = [truth.market(name), ours.market(name)];
            // What has not arrived cannot be known: the next frame shows it.
            const isOnItsWay = kind !== 'double' && index === at;
            if (!shown.isSuspended && !isOnItsWay)
              expect(drawnExactly(shown.book.top(10))).toEqual(drawnExactly(right.book.top(10)));
            lostFor = shown.isSuspended ? lostFor + 1 : 0;
            if (lostFor === 1) detected += 1;
            if (lostFor < patience || isOnItsWay) continue;
            ours.take(snapshotFrame(right, pair));
            expect(shown.isSuspended).toBe(false);
            lostFor = 0;
          }
          if (kind === 'double') expect(ours.markets.status().gapCount).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
    expect(detected).toBeGreaterThan(0);
  });
});

/** What arrives in place of the frame at `index`, when the one at `at` has a mishap. */
function arriving(
  sent: readonly string[],
  index: number,
  { kind, at }: { readonly kind: string; readonly at: number },
): string[] {
  const [own, next, before] = [sent[index], sent[index + 1], sent[index - 1]] as string[];
  if (kind === 'swap' && index === at + 1) return [before as string];
  if (index !== at) return [own as string];
  if (kind === 'drop') return [];
  return kind === 'double' ? [own as string, own as string] : [next as string];
}

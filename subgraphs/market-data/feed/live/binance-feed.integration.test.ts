// What only Binance's live feed does: it subscribes by messages, and looks at the answers.
import { afterEach, describe, expect, it } from 'vitest';
import { recordedData } from '../../test-recordings.ts';
import { TestFollower, TIMING, until } from './test-follower.ts';
import { TestVenue } from './test-venue.ts';
import { binanceScript } from './test-venue-script.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
  stops = [];
});

describe('the live feed of Binance', () => {
  const path = recordedData('binance-spot/spot_btcusdt_20240808.gz');

  async function started() {
    const script = binanceScript(path ?? '');
    const venue = await TestVenue.start(script);
    const follower = new TestFollower(script, venue.origin, TIMING);
    stops.push(
      () => venue.stop(),
      () => follower.stop(),
    );
    return { venue, follower };
  }

  it.skipIf(path === null)('connects again if its subscriptions are not answered', async () => {
    const { venue, follower } = await started();
    const { answersOf } = venue;
    venue.answersOf = () => [];
    // The venue is there: it answers pings.
    await until(() => venue.connections > 1 && venue.pings > 0);
    expect(venue.snapshots).toBe(0);
    venue.answersOf = answersOf;
    await follower.untilRight();
    expect(follower.wrong).toBe(0);
  });

  it.skipIf(path === null)('shows no book whose subscription is refused', async () => {
    const { venue, follower } = await started();
    venue.answersOf = (text) => [
      JSON.stringify({ error: { code: 2, msg: 'no' }, id: (JSON.parse(text) as { id: 1 }).id }),
    ];
    await until(() => venue.pings > (2 * TIMING.silentMs) / TIMING.quietMs);
    expect(venue.connections).toBe(1);
    expect(venue.snapshots).toBe(0);
    expect([...follower.markets.all()].every(({ bookTimes }) => bookTimes === null)).toBe(true);
  });
});

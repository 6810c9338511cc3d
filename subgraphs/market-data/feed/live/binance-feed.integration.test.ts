// What only Binance's live feed does: it subscribes by messages and looks at the answers, and it moves to another
// connection without a loss.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import { plain } from '../../test-market.ts';
import { recordedData } from '../../test-recordings.ts';
import { FrameRecorder } from '../recording/frame-recorder.ts';
import type { ConnectionTiming } from './connection-timing.ts';
import { playedAgain, SILENCE, TestFollower, TIMING, until } from './test-follower.ts';
import { confirmations, TestVenue } from './test-venue.ts';
import { binanceScript } from './test-venue-script.ts';

type FollowerOptions = NonNullable<ConstructorParameters<typeof TestFollower>[3]>;
type Options = FollowerOptions & { readonly answersOf?: TestVenue['answersOf'] };

/** What the venue sends to somebody whose subscription it refuses. */
function refusals(text: string): readonly string[] {
  const { id } = JSON.parse(text) as { readonly id: number };
  return [JSON.stringify({ error: { code: 2, msg: 'no' }, id })];
}

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
  stops = [];
});

describe('the live feed of Binance', () => {
  const path = recordedData('binance-spot/spot_btcusdt_20240808.gz');

  async function started(
    timing: Partial<ConnectionTiming> = {},
    { answersOf = confirmations, ...options }: Options = {},
  ) {
    const script = binanceScript(path ?? '');
    const venue = await TestVenue.start(script);
    venue.answersOf = answersOf;
    const follower = new TestFollower(script, venue.origin, { ...TIMING, ...timing }, options);
    stops.push(
      () => venue.stop(),
      () => follower.stop(),
    );
    return { venue, follower };
  }

  it.skipIf(path === null)('connects again if its subscriptions are not answered', async () => {
    const { venue, follower } = await started(SILENCE);
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
    const { venue, follower } = await started(SILENCE);
    venue.answersOf = refusals;
    await until(() => venue.pings > (2 * SILENCE.silentMs) / TIMING.quietMs);
    expect(venue.connections).toBe(1);
    expect(venue.snapshots).toBe(0);
    expect([...follower.markets.all()].every(({ bookTimes }) => bookTimes === null)).toBe(true);
    venue.answersOf = confirmations;
    await follower.untilRight();
    expect(venue.connections).toBe(1);
    expect(follower.wrong).toBe(0);
  });

  /** What reports that something was lost, and the numbers of the trades. */
  const lossesOf = ({ heard, markets, wrong }: TestFollower) => ({
    wrong,
    ...markets.status(),
    losses: heard.filter(({ kind }) => kind === 'connection' || kind.endsWith('Lost')).slice(1),
    missing: heard
      .flatMap((event) => (event.kind === 'trade' ? Number(event.tradeId) : []))
      .filter((id, index, all) => index > 0 && id !== (all[index - 1] ?? 0) + 1),
  });
  const OLD = { maxAgeMs: 300 };
  const NOTHING_LOST = { wrong: 0, reconnects: 0, gapCount: 0, losses: [], missing: [] };

  it.skipIf(path === null)('moves to another connection without a loss', async () => {
    const { venue, follower } = await started(OLD);
    await follower.untilRight();
    // Both send a lot at once: all of the second one is repeated.
    for (; venue.connections < 4; await sleep(40)) venue.play(300);
    await until(() => venue.seats === 1);
    venue.play(100);
    await follower.untilRight();
    expect(follower.heard.filter(({ kind }) => kind === 'trade').length).toBeGreaterThan(100);
    expect(lossesOf(follower)).toMatchObject(NOTHING_LOST);
    expect(venue.snapshots).toBe(1);
  });

  it
    .skipIf(path === null)
    .each([
      '{"e":"serverShutdown","E":1770123456789}',
      '{"stream":"!events","data":{"e":"serverShutdown","E":1770123456789}}',
    ])('moves to another connection without a loss once it is told %s', async (announcement) => {
    const { venue, follower } = await started();
    await follower.untilRight();
    venue.say(announcement);
    venue.play(50);
    await until(() => venue.connections === 2);
    venue.play(50);
    await until(() => venue.seats === 1);
    venue.play(100);
    await follower.untilRight();
    expect(lossesOf(follower)).toMatchObject(NOTHING_LOST);
    expect(venue.connections).toBe(2);
  });

  it.skipIf(path === null)(
    'waits longer each time that a new connection is announced to end',
    async () => {
      const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
      stops.push(() => Promise.resolve(random.mockRestore()));
      const reconnect = { baseMs: 200, maxMs: 60_000 };
      const { venue } = await started({ provenMs: 60_000, reconnect, reviewMs: 60_000 });
      const beganAtMs = performance.now();
      venue.answersOf = () => {
        setImmediate(() => venue.close());
        return ['{"e":"serverShutdown","E":1770123456789}'];
      };
      await until(() => venue.connections > 3);
      // 100 ms, 200 and 400.
      expect(performance.now() - beganAtMs).toBeGreaterThan(600);
    },
  );

  it.skipIf(path === null)('keeps the old connection while no other one is taken', async () => {
    const { venue, follower } = await started(OLD);
    await follower.untilRight();
    venue.refusals = 2;
    await until(() => venue.refusals < 0);
    const { connections } = venue;
    venue.answersOf = refusals;
    await until(() => venue.connections > connections + 1);
    venue.answersOf = confirmations;
    venue.play(50);
    const refused = venue.connections;
    await until(() => venue.connections > refused && venue.seats === 1);
    venue.play(50);
    await follower.untilRight();
    expect(lossesOf(follower)).toMatchObject(NOTHING_LOST);
  });

  const GONE = ['GONEUSDT', trusted(parseInstrumentSymbol, 'GONE-USDT')] as const;

  it.skipIf(path === null).each([
    ['', {}],
    [
      ', though it refuses an instrument as the old one did',
      {
        strangers: [GONE],
        answersOf: (text: string) => (text.includes('goneusdt') ? refusals : confirmations)(text),
      },
    ],
  ])('goes on with the new connection if the old one breaks%s', async (_, options: Options) => {
    const { venue, follower } = await started({ ...OLD, overlapMs: 60_000 }, options);
    await follower.untilRight();
    await until(() => venue.connections === 2);
    const { pings } = venue;
    // By then both have answered.
    await until(() => venue.pings > pings + 20);
    venue.play(50);
    venue.cutOldest();
    venue.play(50);
    await follower.untilRight();
    expect(venue.connections).toBeLessThanOrEqual(3);
    expect(lossesOf(follower)).toMatchObject(NOTHING_LOST);
  });

  it.skipIf(path === null)('misses nothing if the new connection is ahead of the old', async () => {
    const { venue, follower } = await started({ ...OLD, overlapMs: 60_000 });
    await follower.untilRight();
    venue.delay();
    venue.play(20);
    await until(() => venue.requests.length === 2);
    venue.play(50);
    const { pings } = venue;
    await until(() => venue.pings > pings + 5);
    venue.catchUp();
    await follower.untilRight();
    venue.cutOldest();
    venue.play(50);
    await follower.untilRight();
    expect(lossesOf(follower)).toMatchObject(NOTHING_LOST);
  });

  it.skipIf(path === null)('can be recorded while it moves, and played again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deskgraph-frames-'));
    const recorder = new FrameRecorder(folder, 'binance', Date.now());
    const { venue, follower } = await started(OLD, { tap: recorder });
    await follower.untilRight();
    for (; venue.connections < 3; await sleep(40)) venue.play(300);
    await until(() => venue.seats === 1);
    await follower.untilRight();
    await follower.stop();
    await recorder.end();
    const again = await playedAgain(follower.script, folder);
    const heard = again.filter(({ kind }) => kind !== 'connection');
    expect(plain(heard)).toEqual(plain(follower.heard.filter(({ kind }) => kind !== 'connection')));
    await rm(folder, { recursive: true });
  });
});

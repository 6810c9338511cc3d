import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { money, quantity } from '../../domain/test-orders.ts';
import { buying, firmOf, LevelWorld, nextFrame } from './test-levels.ts';

let world: LevelWorld;
beforeEach(async () => {
  world = await new LevelWorld().begin();
});
const { requoteMs, refreshMs } = new LevelWorld().settings;

describe('a stream of levels', () => {
  it('is priced once for a thousand clients of one tier, and once more for another list', async () => {
    const streams = Array.from({ length: 1000 }, (_, index) => world.follow(`client-${index}`));
    expect([world.pricings, world.levels.counts]).toEqual([1, { streams: 1000, ladders: 1 }]);
    const first = await Promise.all(streams.map(nextFrame));
    world.market(10_010);
    world.wait(requoteMs);
    expect(world.pricings).toBe(2);
    const second = await Promise.all(streams.map(nextFrame));
    for (const frames of [first, second]) {
      const shown = frames.map((frame) => firmOf(frame));
      expect(new Set(shown.map(({ level }) => level)).size).toBe(1);
      expect(new Set(shown.map(({ quoteId }) => quoteId)).size).toBe(1000);
    }
    world.follow('client-0', [quantity('1'), quantity('2')]);
    expect([world.pricings, world.levels.counts.ladders]).toEqual([4, 2]);
  });

  it('sends a new level when the price moves, and extends the same one when it does not', async () => {
    const pricing = { ...world.settings.pricing, volatilityPercent: 0 };
    world = await new LevelWorld({ pricing }).begin();
    const frames = world.follow('anna');
    const first = firmOf(await nextFrame(frames));
    // Nothing is priced before it is due.
    world.market(10_010);
    world.wait(requoteMs - 1);
    world.market(10_000);
    world.wait(1);
    world.market(10_000);
    world.wait(refreshMs - requoteMs);
    const prolonged = await nextFrame(frames);
    expect(prolonged).toMatchObject({ sequence: 2, previousSequence: 1 });
    expect(firmOf(prolonged)).toMatchObject({
      quoteId: first.quoteId,
      level: { id: first.level.id, validUntil: first.level.validUntil + refreshMs },
    });
    world.market(10_010);
    world.wait(requoteMs);
    expect(firmOf(await nextFrame(frames)).quoteId).not.toBe(first.quoteId);
  });

  it('shows a slow reader the newest state, and counts what was left out', async () => {
    const frames = world.follow('anna');
    await nextFrame(frames);
    for (const cents of [10_010, 10_020, 10_030]) {
      world.market(cents);
      world.wait(requoteMs);
    }
    const newest = await nextFrame(frames);
    expect(newest).toMatchObject({ sequence: 4, previousSequence: 1 });
    expect(await world.accept(buying('anna', firmOf(newest)))).toBe('pending');
  });

  it('shows the reason while the desk does not quote, and prices again when it does', async () => {
    const frames = world.follow('anna', [quantity('1'), quantity('0.000001'), quantity('101')]);
    const reasons = async () =>
      (await nextFrame(frames)).levels.map((one) =>
        one.kind === 'none' ? one.refusal.reason : '',
      );
    const always = ['QUANTITY_OFF_STEP', 'QUANTITY_EXCEEDS_MAXIMUM'];
    expect(await reasons()).toEqual(['', ...always]);
    world.market(10_000, true);
    world.wait(requoteMs);
    expect(await reasons()).toEqual(['NOT_QUOTING', ...always]);
    // Nothing is new, and nothing is sent.
    world.wait(requoteMs);
    world.market(10_000);
    world.wait(requoteMs);
    const again = await nextFrame(frames);
    expect(again).toMatchObject({ sequence: 3, previousSequence: 2 });
    firmOf(again);
  });

  it('shows no price to an account whose trading is halted, and prices to others', async () => {
    const [anna, otto] = [world.follow('anna'), world.follow('otto')];
    const scope = { kind: 'account', accountId: 'anna' as AccountId } as const;
    await world.desk.safety.setTradingState({
      ...{ scope, tradingState: 'HALTED', reason: 'a drill', actor: 'desk' },
    });
    expect((await nextFrame(anna)).levels).toMatchObject([
      { kind: 'none', refusal: { reason: 'TRADING_HALTED' } },
    ]);
    firmOf(await nextFrame(otto));
  });

  it('frees what it used when it is closed, even while it waits, and no level outlives its validity', async () => {
    const frames = world.follow('anna');
    const shown = firmOf(await nextFrame(frames));
    const waiting = frames.next();
    await frames.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(world.levels.counts).toEqual({ streams: 0, ladders: 1 });
    // A shown level can be taken until its `validUntil`.
    world.now = shown.level.validUntil - 1;
    expect(await world.accept(buying('anna', shown))).toBe('pending');
    world.wait(1);
    expect(world.levels.counts.ladders).toBe(0);
  });

  it('ends when another process owns the books, also for a waiting reader, and holds nothing', async () => {
    const [reads, waits] = [world.follow('anna'), world.follow('bert')];
    await nextFrame(waits);
    const waiting = waits.next();
    world.desk.journal.resign();
    await expect(waiting).rejects.toThrow('owns');
    await expect(reads.next()).rejects.toThrow('owns');
    for (const frames of [reads, waits])
      expect(await frames.next()).toEqual({ done: true, value: undefined });
    expect(world.levels.counts.streams).toBe(0);
  });

  it('counts against the number that one account can have open', () => {
    const { maxLevelStreams } = world.settings;
    for (let count = 0; count < maxLevelStreams; count += 1) world.follow('anna');
    expect(() => world.follow('anna')).toThrow('TOO_MANY_LEVEL_STREAMS');
    world.follow('otto');
  });

  it('counts against the number that one user can have open in all accounts, though all share their prices', async () => {
    const { maxLevelStreams, maxUserLevelStreams } = world.settings;
    const follow = (index: number, user = 'ursula') =>
      world.follow(`account-${Math.floor(index / maxLevelStreams)}`, [quantity('1')], user);
    const [first] = Array.from({ length: maxUserLevelStreams }, (_, index) => follow(index));
    expect(() => follow(maxUserLevelStreams)).toThrow('TOO_MANY_LEVEL_STREAMS');
    follow(maxUserLevelStreams, 'otto');
    await first?.return?.();
    follow(maxUserLevelStreams);
  });

  it('is priced in the name of the users who follow it, including the first time', async () => {
    const [anna, otto] = ['anna-user', 'otto-user'];
    const frames = world.follow('anna');
    expect(world.wantedBy).toEqual([anna]);
    world.follow('otto');
    world.wait(requoteMs);
    expect(world.wantedBy).toEqual([anna, otto]);
    await frames.return?.();
    world.wait(world.settings.quoteLifeMs);
    world.wait(requoteMs);
    expect(world.wantedBy).toEqual([otto]);
  });

  it('is priced for a user a bounded number of times, over all accounts and however often it is left', async () => {
    const { maxLevelPrices, quoteLifeMs } = world.settings;
    const listOf = (first: number) =>
      Array.from({ length: 10 }, (_, index) => quantity(`0.${1000 + first * 10 + index}`));
    const lists = Array.from({ length: maxLevelPrices / 10 }, (_, index) => listOf(index));
    const streams = lists.map((sizes, index) => world.follow(`account-${index}`, sizes, 'ursula'));
    const refused = () => world.follow('account-99', listOf(99), 'ursula');
    expect(refused).toThrow('TOO_MANY_LEVEL_STREAMS');
    const { pricings } = world;
    // Prices that are already made for the user cost nothing more.
    world.follow('account-99', lists[0], 'ursula');
    expect([pricings, world.pricings]).toEqual([maxLevelPrices, maxLevelPrices]);
    world.follow('account-99', listOf(98), 'otto');
    await streams[1]?.return?.();
    expect(refused).toThrow('TOO_MANY_LEVEL_STREAMS');
    // A user who returns in time keeps the same place.
    await world.follow('account-1', lists[1], 'ursula').return?.();
    world.wait(quoteLifeMs - 1);
    expect(refused).toThrow('TOO_MANY_LEVEL_STREAMS');
    world.wait(1);
    refused();
  });

  it('changes to another fee tier’s prices with its account, for which the old level is no longer valid', async () => {
    world = await new LevelWorld({
      credit: {
        client: { gross: money('9000000'), net: money('9000000') },
        desk: { gross: money('9000000'), net: money('9000000') },
      },
    }).begin();
    const frames = world.follow('anna', [quantity('90')]);
    for (let trades = 0; trades < 112; trades += 1) {
      const shown = firmOf(await nextFrame(frames));
      expect(shown.level.tier).toBe('BASE');
      expect(await world.accept(buying('anna', shown))).toBe('pending');
      if (trades < 111) await world.answerHolds();
      world.market(10_000);
      world.wait(requoteMs);
    }
    const last = firmOf(await nextFrame(frames));
    await world.answerHolds();
    expect(await world.accept(buying('anna', last))).toBe('LEVEL_NO_LONGER_VALID');
    world.market(10_000);
    world.wait(refreshMs);
    expect(firmOf(await nextFrame(frames)).level).toMatchObject({ basis: { tier: 'BRONZE' } });
  });
});

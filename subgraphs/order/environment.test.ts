import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { firmOf, LevelWorld, nextFrame } from './engine/rfq/test-levels.ts';
import { rfqOf, rfqVariables } from './environment.ts';

/** How often a desk looks whether a price must be made. */
const LOOK_MS = 25;

const variables = z.object(rfqVariables);
const lifeOf = (ms: number) =>
  variables.safeParse({ RFQ_QUOTE_LIFE_MS: `${ms}`, RFQ_VOLATILITY_PERCENT: '0' });

describe('the life of a quote', () => {
  it.each([500, 1000, 1300, 2500, 60_000])(
    'of %i ms leaves no moment without a firm price while the market stands still',
    async (ms) => {
      const world = await new LevelWorld(rfqOf(lifeOf(ms).data ?? variables.parse({}))).begin();
      expect(world.settings.quoteLifeMs).toBe(ms);
      const shown = async () => {
        const frames = world.follow('anna');
        const level = firmOf(await nextFrame(frames));
        await frames.return?.();
        return level;
      };
      const { quoteId } = await shown();
      for (let passed = 0; passed < 3000; passed += LOOK_MS) {
        world.market(10_000);
        world.wait(LOOK_MS);
        const now = await shown();
        expect(now.level.validUntil).toBeGreaterThan(world.now);
        expect(now.quoteId).toBe(quoteId);
      }
    },
  );

  it('is not shorter than the desk takes to price again', () => {
    expect([500, 499].map((ms) => lifeOf(ms).success)).toEqual([true, false]);
  });
});

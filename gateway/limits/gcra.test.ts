import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryAfterMs, take, usageOf } from './gcra.ts';

const allowance = { limit: 100, windowMs: 60_000 };
const uses = fc.array(
  fc.record({ afterMs: fc.nat({ max: 20_000 }), cost: fc.integer({ min: 1, max: 100 }) }),
  { maxLength: 60 },
);

it('admits in no time more than the limit and what came back meanwhile', () => {
  fc.assert(
    fc.property(uses, (all) => {
      let emptyAtUs: number | null = null;
      let nowUs = 1_700_000_000_000_000;
      const admitted: { readonly atUs: number; readonly cost: number }[] = [];
      for (const { afterMs, cost } of all) {
        nowUs += afterMs * 1000;
        const level = take(allowance, cost, { emptyAtUs, nowUs, isForced: false });
        ({ emptyAtUs } = level);
        if (level.isAdmitted) admitted.push({ atUs: nowUs, cost });
        const { used, remaining } = usageOf(allowance, level);
        expect(used + remaining).toBe(allowance.limit);
        expect(remaining).toBeGreaterThanOrEqual(0);
      }
      for (const [index, { atUs }] of admitted.entries()) {
        let sum = 0;
        for (const later of admitted.slice(index)) {
          sum += later.cost;
          const elapsedMs = (later.atUs - atUs) / 1000;
          expect(sum).toBeLessThanOrEqual(
            allowance.limit * (1 + elapsedMs / allowance.windowMs) + 1e-6,
          );
        }
      }
    }),
  );
});

it('admits what it refused as soon as it said, and not a millisecond earlier', () => {
  fc.assert(
    fc.property(uses, fc.integer({ min: 1, max: 100 }), (all, cost) => {
      let emptyAtUs: number | null = null;
      const nowUs = 1_700_000_000_000_000;
      for (const used of all)
        ({ emptyAtUs } = take(allowance, used.cost, { emptyAtUs, nowUs, isForced: false }));
      const level = take(allowance, cost, { emptyAtUs, nowUs, isForced: false });
      if (level.isAdmitted) return;
      const waitUs = retryAfterMs(allowance, cost, level) * 1000;
      const at = (us: number) =>
        take(allowance, cost, { emptyAtUs, nowUs: nowUs + us, isForced: false }).isAdmitted;
      expect([at(waitUs - 1000), at(waitUs)]).toEqual([false, true]);
    }),
  );
});

it('admits anew where the clock was set back by more than the window', () => {
  const nowUs = 1_700_000_000_000_000;
  const used = take(allowance, 100, { emptyAtUs: null, nowUs, isForced: false });
  const earlier = { emptyAtUs: used.emptyAtUs, nowUs: nowUs - 3_600_000_000, isForced: false };
  const level = take(allowance, 100, earlier);
  expect(level.isAdmitted).toBe(true);
  expect(usageOf(allowance, level)).toMatchObject({ used: 100, remaining: 0 });
});

it('admits what is forced, and lets it use up no more than there is', () => {
  let emptyAtUs: number | null = null;
  const nowUs = 0;
  for (let count = 0; count < 5; count += 1) {
    const level = take(allowance, 60, { emptyAtUs, nowUs, isForced: true });
    expect(level.isAdmitted).toBe(true);
    ({ emptyAtUs } = level);
  }
  expect(usageOf(allowance, { isAdmitted: true, emptyAtUs: emptyAtUs ?? 0, nowUs })).toEqual({
    used: 100,
    remaining: 0,
    resetMs: 60_000,
  });
});

import { describe, expect, it } from 'vitest';
import { accountId } from './test-commands.ts';
import { HISTORY_INTERVAL_MS, historyOf, type HistoryQuery } from './account-history.ts';

const { ONE_DAY, ONE_HOUR } = HISTORY_INTERVAL_MS;
const ms = (text: string) => Date.parse(`${text}Z`);
const CREATED = ms('2026-03-01T09:30:00');
const NOW = ms('2026-03-05T00:00:00.001');

/** The days and hours of a page, as text. */
function page(query: Partial<HistoryQuery>, created = CREATED, now = NOW): readonly string[] {
  const whole = { intervalMs: ONE_DAY, period: { from: null, to: null }, afterMs: null, count: 9 };
  const account = { id: accountId('alice'), createdAtMs: created };
  return historyOf(account, { ...whole, ...query }, now).map(({ at }) => at.slice(0, 13));
}

describe('the points of a history', () => {
  it('are the latest ones back to the creation, without that of this very moment', () => {
    expect(page({})).toEqual(['2026-03-05T00', '2026-03-04T00', '2026-03-03T00', '2026-03-02T00']);
    expect(page({ count: 2 })).toEqual(['2026-03-05T00', '2026-03-04T00']);
    expect(page({}, CREATED, NOW - 1)[0]).toBe('2026-03-04T00');
    expect(page({}, ms('2026-03-05T00:00:00'))).toEqual(['2026-03-05T00']);
    expect(page({}, NOW)).toEqual([]);
  });

  it('are the first ones of a period with a beginning, which belongs to it as its end does not', () => {
    const period = { from: ms('2026-03-03T00:00:00'), to: ms('2026-03-05T00:00:00') };
    expect(page({ period })).toEqual(['2026-03-03T00', '2026-03-04T00']);
    expect(page({ period: { ...period, to: null }, count: 1 })).toEqual(['2026-03-03T00']);
    expect(page({ period: { from: null, to: period.from } })).toEqual(['2026-03-02T00']);
    expect(page({ period: { from: NOW, to: null } })).toEqual([]);
    expect(page({ period: { from: null, to: CREATED } })).toEqual([]);
  });

  it.each([
    ['backward', { from: null, to: null }],
    ['forward', { from: ms('0001-01-01T00:00:00'), to: ms('9999-12-31T00:00:00') }],
  ])('continue after the last one of the page before, %s', (_way, period) => {
    const query = { intervalMs: ONE_HOUR, period, count: 7 };
    const seen: string[] = [];
    for (let next = page(query); next.length > 0;) {
      seen.push(...next);
      next = page({ ...query, afterMs: ms(`${seen.at(-1) ?? ''}:00:00`) });
    }
    expect(seen).toEqual(page({ ...query, count: 1000 }));
    expect(new Set(seen).size).toBe(87);
  });
});

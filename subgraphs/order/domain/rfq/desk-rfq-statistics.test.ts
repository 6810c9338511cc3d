import { describe, expect, it } from 'vitest';
import { parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import { inventoryPoints } from './desk-rfq-statistics.ts';

const symbol = trusted(parseInstrumentSymbol, 'BTC-USDT');

describe('the inventory over time', () => {
  it('is calculated back from now, including changes after the period', () => {
    const changes = [
      { bucket: 0, change: 5n },
      { bucket: 2, change: -2n },
      { bucket: 3, change: 100n },
    ];
    expect(
      inventoryPoints({ symbol, from: 0, to: 25, bucketMs: 10 }, { now: 110n, changes }),
    ).toEqual([
      { at: 0, inventory: 7n },
      { at: 10, inventory: 12n },
      { at: 20, inventory: 12n },
      { at: 25, inventory: 10n },
    ]);
  });

  it('stays the same while nothing changes it', () => {
    const points = inventoryPoints(
      { symbol, from: 0, to: 20, bucketMs: 10 },
      { now: -3n, changes: [] },
    );
    expect(points.map(({ inventory }) => inventory)).toEqual([-3n, -3n, -3n]);
  });
});

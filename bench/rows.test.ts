import { describe, expect, it } from 'vitest';
import { Measurements, quantileOfSorted, spreadOf } from './rows.ts';

describe('measurements', () => {
  it('take ratios inside a round, so that a slow round spoils none', () => {
    const measurements = new Measurements();
    const rounds = [
      { ours: 100, ws: 50 },
      { ours: 10, ws: 5 },
      { ours: 60, ws: 20 },
    ];
    rounds.forEach(({ ours, ws }, round) => {
      measurements.add({ round, key: 'single', variant: 'ours', value: ours });
      measurements.add({ round, key: 'single', variant: 'ws', value: ws });
    });
    const row = measurements.row('single', 'deliveries/s');
    expect(row.ours).toEqual({ median: 60, least: 10, most: 100, runs: 3 });
    expect(row.ratios).toEqual({ ws: { median: 2, least: 2, most: 3, runs: 3 } });
  });

  it('compare nothing with a peer that was left out of the round', () => {
    const measurements = new Measurements();
    measurements.add({ round: 0, key: 'single', variant: 'ours', value: 1 });
    measurements.add({ round: 1, key: 'single', variant: 'hive', value: 1 });
    expect(measurements.row('single', 'deliveries/s').ratios).toEqual({});
  });

  it('give no row without ours', () => {
    expect(() => new Measurements().row('single', 'deliveries/s')).toThrow('single');
  });
});

describe('quantile', () => {
  it('lies between two neighbors where it falls between them', () => {
    expect(quantileOfSorted([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantileOfSorted([7], 0.99)).toBe(7);
    expect(() => quantileOfSorted([], 0.5)).toThrow(RangeError);
  });

  it('of an even number of runs is their middle', () => {
    expect(spreadOf([4, 1]).median).toBe(2.5);
  });
});

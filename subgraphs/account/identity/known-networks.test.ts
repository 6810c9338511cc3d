import { expect, it } from 'vitest';
import { KnownNetworks } from './known-networks.ts';

const DAY_MS = 24 * 60 * 60_000;

it('a network is known for thirty days after somebody was last there, and another one never', () => {
  let now = 0;
  const networks = new KnownNetworks({ now: () => now });
  const seen = { address: '198.51.100.7', userAgent: null };
  networks.note(null);
  networks.note(seen);
  now += 20 * DAY_MS;
  networks.note(seen);
  now += 30 * DAY_MS - 1;
  expect([networks.has('198.51.100.7'), networks.has('198.51.100.8')]).toEqual([true, false]);
  now += 1;
  expect(networks.has('198.51.100.7')).toBe(false);
});

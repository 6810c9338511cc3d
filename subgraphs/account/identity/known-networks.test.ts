import { expect, it } from 'vitest';
import { DAY_MS } from '#shared/domain/clock.ts';
import { parseUserId, trusted, type UserId } from '#shared/domain/ids.ts';
import { KnownNetworks } from './known-networks.ts';

it('a network is known for thirty days after somebody was last there, and another one never', () => {
  let now = 0;
  const networks = new KnownNetworks({ now: () => now });
  const [person, other] = ['usr-1', 'usr-2'].map((id) => trusted(parseUserId, id)) as [
    UserId,
    UserId,
  ];
  const seen = { address: '198.51.100.7', userAgent: null };
  networks.note(person, null);
  networks.note(person, seen);
  now += 20 * DAY_MS;
  networks.note(person, seen);
  now += 30 * DAY_MS - 1;
  expect([networks.has('198.51.100.7'), networks.has('198.51.100.8')]).toEqual([true, false]);
  const hasSeen = () => [person, other].map((id) => networks.hasSeen(id, '198.51.100.7'));
  expect(hasSeen()).toEqual([true, false]);
  now += 1;
  expect(hasSeen()).toEqual([false, false]);
  expect(networks.has('198.51.100.7')).toBe(false);
});

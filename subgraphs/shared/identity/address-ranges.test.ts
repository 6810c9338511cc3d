import { describe, expect, it } from 'vitest';
import { AddressRanges } from './address-ranges.ts';

describe('address ranges', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['203.0.113.0/24', '::ffff:203.0.113.9', true],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['203.0.113.0/24', 'localhost', false],
    ['203.0.113.0/24', '', false],
  ])('of %s and the address %j: %j', (range, address, expected) => {
    expect(AddressRanges.parse([range])?.includes(address)).toBe(expected);
  });

  it.each(['', 'host', '1.2.3', '1.2.3.4/33', '1.2.3.4/-1', '1.2.3.4/', '::1/129', '1.2.3.4/8/8'])(
    'are not made of %j',
    (text) => {
      expect(AddressRanges.parse(['10.0.0.0/8', text])).toBeNull();
    },
  );

  it('of nothing hold nothing', () => {
    expect(AddressRanges.parse([])?.includes('10.0.0.1')).toBe(false);
  });
});

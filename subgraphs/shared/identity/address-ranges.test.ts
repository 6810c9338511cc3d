import { describe, expect, it } from 'vitest';
import { AddressRanges, isNarrow, networkOf } from './address-ranges.ts';

describe('address ranges', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['203.0.113.0/24', '::ffff:203.0.113.9', true],
    ['::ffff:203.0.113.9', '203.0.113.9', true],
    ['::ffff:cb00:7109', '203.0.113.9', true],
    ['203.0.113.0/24', '0:0:0:0:0:FFFF:cb00:7109', true],
    ['203.0.113.0/24', '0:0::0:ffff:203.0.113.9', true],
    ['203.0.113.9', '::ffff:0:cb00:7109', false],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['203.0.113.0/24', 'localhost', false],
    ['203.0.113.0/24', '', false],
  ])('of %s and the address %j: %j', (range, address, expected) => {
    expect(AddressRanges.parse([range])?.includes(address)).toBe(expected);
  });

  it.each([
    '',
    'host',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '1.2.3.4/',
    '::1/129',
    '1.2.3.4/8/8',
    '::ffff:1.2.3.4/120',
    '::ffff:1.2.3.4/24',
    '::ffff:102:304/120',
  ])('are not made of %j', (text) => {
    expect(AddressRanges.parse(['10.0.0.0/8', text])).toBeNull();
  });

  it.each([
    ['203.0.113.0/25', true],
    ['203.0.113.0/24', true],
    ['203.0.113.7', true],
    ['203.0.112.0/23', false],
    ['203.0.114.0/25', false],
    ['2001:db8:1::/48', true],
    ['2001::/16', false],
    ['::/0', false],
    ['nonsense', false],
  ])('cover %s: %j', (inner, expected) => {
    const ranges = AddressRanges.parse(['203.0.113.0/24', '2001:db8::/32']);
    expect(ranges?.covers(inner)).toBe(expected);
  });

  it.each([
    ['10.0.0.0/8', true],
    ['0.0.0.0/0', false],
    ['10.0.0.0/7', false],
    ['2001::/16', true],
    ['::/0', false],
    ['10.0.0.1', true],
  ])('narrow enough to keep somebody out: %s %j', (block, expected) => {
    expect(isNarrow(block)).toBe(expected);
  });

  it('of nothing hold nothing', () => {
    expect(AddressRanges.parse([])?.includes('10.0.0.1')).toBe(false);
  });
});

describe('the network of', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:203.0.113.7', '1:2:3:4::/64'],
    ['203.0.113.7:5678', '203.0.113.7:5678'],
    ['', ''],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

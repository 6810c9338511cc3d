import { expect, it } from 'vitest';
import { AllowedOrigins } from './allowed-origins.ts';

it.each([
  ['127.0.0.1', 'http://localhost:4000'],
  ['0.0.0.0', 'http://127.0.0.1:4000'],
  ['0.0.0.0', 'http://0.0.0.0:4000'],
  ['::', 'http://[::1]:4000'],
  ['::', 'http://[::]:4000'],
  ['10.0.0.7', 'http://10.0.0.7:4000'],
  ['2001:db8::7', 'http://[2001:db8::7]:4000'],
])('a server at %s allows its own pages', (host, origin) => {
  const origins = new AllowedOrigins([]);
  origins.addOwn(host, 4000);
  expect(origins.allows(origin)).toBe(true);
  expect(origins.allows('http://elsewhere.example:4000')).toBe(false);
});

it('a server at an address of one link starts, though no page can be its own', () => {
  expect(() => new AllowedOrigins([]).addOwn('fe80::1%eth0', 4000)).not.toThrow();
});

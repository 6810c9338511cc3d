import { describe, expect, it } from 'vitest';
import { ClientOrigins } from './client-origins.ts';

function addressOf(remoteAddress: string, forwarded?: string, trusted: readonly string[] = []) {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return new ClientOrigins(trusted).of({ headers, socket: { remoteAddress } as never }).address;
}

describe('the origin of a request', () => {
  it.each([
    ['is the peer where no proxy is trusted', '198.51.100.1', '10.0.0.9', [], '198.51.100.1'],
    ['is plain IPv4 also over IPv6', '::ffff:198.51.100.1', undefined, [], '198.51.100.1'],
    ['is what a trusted proxy says', '10.0.0.1', '198.51.100.1', ['10.0.0.0/8'], '198.51.100.1'],
    [
      'is found behind two proxies, and what the client wrote is not believed',
      '10.0.0.1',
      '1.1.1.1, 198.51.100.1, 10.0.0.2',
      ['10.0.0.0/8'],
      '198.51.100.1',
    ],
    [
      'has no port, also if proxies write one',
      '10.0.0.1',
      '198.51.100.1:40001, 10.0.0.2:443',
      ['10.0.0.0/8'],
      '198.51.100.1',
    ],
    ['has no brackets', '10.0.0.1', '[2001:db8::7]:40001', ['10.0.0.0/8'], '2001:db8::7'],
    ['is IPv6 as it is', '10.0.0.1', '2001:db8::7', ['10.0.0.0/8'], '2001:db8::7'],
    ['is the proxy itself when it says nothing', '10.0.0.1', undefined, ['10.0.0.0/8'], '10.0.0.1'],
  ])('%s', (_name, peer, forwarded, trusted, expected) => {
    expect(addressOf(peer, forwarded, trusted)).toBe(expected);
  });

  it('has a short, printable user agent', () => {
    const headers = { 'user-agent': `curl\u0007/8${'x'.repeat(500)}` };
    const { userAgent } = new ClientOrigins([]).of({ headers, socket: {} as never });
    expect(userAgent).toHaveLength(200);
    expect(userAgent).toMatch(/^curl\/8x+$/);
  });
});

describe('the word that a client came by TLS', () => {
  it.each([
    ['is believed from a trusted proxy', '10.0.0.1', 'https', true],
    ['is the last one of several', '10.0.0.1', 'http, HTTPS', true],
    ['is not what the client wrote before it', '10.0.0.1', 'https, http', false],
    ['is believed from nobody else', '198.51.100.1', 'https', false],
    ['has to be said', '10.0.0.1', undefined, false],
  ])('%s', (_name, remoteAddress, said, expected) => {
    const headers = said === undefined ? {} : { 'x-forwarded-proto': said };
    const request = { headers, socket: { remoteAddress } as never };
    expect(new ClientOrigins(['10.0.0.0/8']).isSecure(request)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { credentialOfConnectionParams, credentialOfHeaders } from './credential.ts';

const ADDRESS = '198.51.100.7';
const JWT = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2ln';

describe('a credential', () => {
  it.each([
    [{}, { kind: 'none' }],
    [{ 'x-api-key': '' }, { kind: 'none' }],
    [{ 'x-api-key': 'dk_1' }, { kind: 'apiKey', apiKey: 'dk_1', address: ADDRESS }],
    [{ authorization: `Bearer ${JWT}` }, { kind: 'accessToken', accessToken: JWT }],
    [{ authorization: 'bearer dk_1' }, { kind: 'apiKey', apiKey: 'dk_1', address: ADDRESS }],
    [{ authorization: 'Basic YTpi' }, { kind: 'malformed' }],
    [{ authorization: 'Bearer a b' }, { kind: 'malformed' }],
    [{ 'x-api-key': 'dk_1', authorization: `Bearer ${JWT}` }, { kind: 'malformed' }],
    [{ 'x-api-key': 'x'.repeat(10_000) }, { kind: 'malformed' }],
  ])('in the headers %j is %j', (headers, expected) => {
    expect(credentialOfHeaders({ headers }, ADDRESS)).toEqual(expected);
  });

  it.each([
    [undefined, { kind: 'none' }],
    [{ apiKey: 'dk_1' }, { kind: 'apiKey', apiKey: 'dk_1', address: ADDRESS }],
    [{ 'x-api-key': 'dk_1' }, { kind: 'apiKey', apiKey: 'dk_1', address: ADDRESS }],
    [{ authorization: `Bearer ${JWT}` }, { kind: 'accessToken', accessToken: JWT }],
    [{ apiKey: 7 }, { kind: 'malformed' }],
    [{ apiKey: { toString: 'x' } }, { kind: 'malformed' }],
  ])('in connection_init %j is %j', (params, expected) => {
    expect(credentialOfConnectionParams(params, ADDRESS, '/graphql')).toEqual(expected);
  });

  it('longer than any of ours is malformed, before anything looks into it', () => {
    const token = `${JWT.split('.', 1)[0]}.${'x'.repeat(1_000_000)}.c2ln`;
    for (const headers of [{ authorization: `Bearer ${token}` }, { 'x-api-key': token }])
      expect(credentialOfHeaders({ headers }, ADDRESS)).toEqual({ kind: 'malformed' });
  });
});

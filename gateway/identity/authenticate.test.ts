import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import { Authenticator } from './authenticate.ts';

const PRINCIPAL = {
  userId: 'anna',
  keyId: 'k',
  sessionId: null,
  scopes: [],
  accounts: [],
  expiresAt: null,
};

it('believes no answer for as long as the clock was set back, and asks again if it was told to', async () => {
  let nowMs = 1_700_000_000_000;
  let isValid = true;
  const answer = () => ({ principal: isValid ? PRINCIPAL : null, reason: null, checkedAt: null });
  const account = {
    request: () => Promise.resolve({ data: { authenticate: answer() } }),
  } as unknown as SubgraphClient;
  const authenticator = new Authenticator({
    account,
    anonymousScopes: [],
    clock: { now: () => nowMs },
    logger: pino({ level: 'silent' }),
  });
  const credential = { kind: 'apiKey', apiKey: 'secret', address: '192.0.2.1' } as const;
  expect(await authenticator.authenticate(credential)).toMatchObject({ userId: 'anna' });
  isValid = false;
  nowMs += 500;
  expect(await authenticator.authenticate(credential)).toMatchObject({ userId: 'anna' });
  nowMs -= 3_600_000;
  await expect(authenticator.authenticate(credential, 0)).rejects.toThrow('invalid');
  isValid = true;
  await authenticator.authenticate(credential, 0);
  isValid = false;
  nowMs -= 3_600_000;
  await expect(authenticator.authenticate(credential)).rejects.toThrow('invalid');
});

it('asks again about a key that was accepted, whatever its address has sent since', async () => {
  let nowMs = 1_700_000_000_000;
  const account = {
    request: ({ variables }: { readonly variables: { credential: { apiKey: string } } }) => {
      const principal = variables.credential.apiKey === 'secret' ? PRINCIPAL : null;
      return Promise.resolve({ data: { authenticate: { principal, reason: null } } });
    },
  } as unknown as SubgraphClient;
  const authenticator = new Authenticator({
    account,
    anonymousScopes: [],
    clock: { now: () => nowMs },
    logger: pino({ level: 'silent' }),
  });
  const shown = (apiKey: string) => ({ kind: 'apiKey', apiKey, address: '192.0.2.1' }) as const;
  await authenticator.authenticate(shown('secret'));
  nowMs += 3_600_001; // it is not known as valid any more
  for (let count = 0; count < 40; count += 1)
    await authenticator.authenticate(shown(`invented ${count}`)).catch(() => undefined);
  await expect(authenticator.authenticate(shown('secret'))).rejects.toThrow('Too many API keys');
  expect(await authenticator.authenticate(shown('secret'), 0)).toMatchObject({ userId: 'anna' });
});

it('says that credentials cannot be checked now while the store of the account subgraph is away', async () => {
  const errors = [{ message: 'A store …', extensions: { code: 'UNAVAILABLE' } }];
  const authenticator = new Authenticator({
    account: { request: () => Promise.resolve({ errors }) } as unknown as SubgraphClient,
    anonymousScopes: [],
    clock: { now: () => 0 },
    logger: pino({ level: 'silent' }),
  });
  const credential = { kind: 'apiKey', apiKey: 'secret', address: '192.0.2.1' } as const;
  await expect(authenticator.authenticate(credential)).rejects.toMatchObject({
    message: 'Credentials cannot be checked at the moment.',
    extensions: { code: 'UNAVAILABLE', outcome: 'NOT_APPLIED', retryable: true },
  });
});

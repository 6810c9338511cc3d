import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SocketClient } from '../fixtures/socket-client.ts';
import { aKeyOf, REVOKE_KEY } from './support/api-keys.ts';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import { TraderClient } from './support/trader-client.ts';

// A trader changes the name and the addresses of keys that are in use; their secrets stay the same.
const UPDATE = `mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) {
  ... on ApiKeyUpdated { apiKey { name ipAllowList } }
  ... on ApiKeyRefused { reason }
  ... on ApiKeyNotFound { id }
} }`;

let desk: Desk;
let trader: TraderClient;
beforeAll(async () => {
  desk = await shareDesk('still');
  trader = await desk.aTrader();
});
afterAll(() => desk.stop());

const aKey = (settings: object = {}) => aKeyOf(trader, settings);

async function update(id: string, change: object, client = trader): Promise<object> {
  const variables = { input: { id, ...change } };
  return (await client.request<{ updateApiKey: object }>(UPDATE, variables)).updateApiKey;
}

describe('a key whose addresses are changed', () => {
  it('loses its sockets and is refused at addresses that it no longer allows, and no other key is affected', async () => {
    const [moved, narrowed] = [await aKey(), await aKey()];
    const ending = await SocketClient.connect(desk.gateway, { apiKey: moved.secret });
    const lasting = await SocketClient.connect(desk.gateway, { apiKey: narrowed.secret });
    const here = { name: 'again', ipAllowList: ['127.0.0.0/8'] };
    expect(await update(narrowed.id, here)).toEqual({ apiKey: here });
    const ipAllowList = ['203.0.113.0/24'];
    expect(await update(moved.id, { ipAllowList })).toEqual({
      apiKey: { name: 'bot', ipAllowList },
    });
    expect(await ending.closed).toEqual({ code: 4403, reason: 'Credential ended' });
    const { accountId } = trader;
    const away = new TraderClient(desk.gateway, { accountId, apiKey: moved.secret });
    const { errors } = await away.send('{ viewer { id } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'IP_NOT_ALLOWED' });
    expect(errors?.[0]?.message).toMatch(/cannot be used from (::ffff:)?127\.0\.0\.1\.$/);
    await away.close();
    await lasting.settle();
    await lasting.close();
    await update(moved.id, { ipAllowList: [] });
    const ask = async () => (await away.send('{ viewer { id } }')).errors;
    await expect.poll(ask).toBeUndefined();
  });

  it.each([
    ['nothing is changed', {}, 'INVALID_INPUT'],
    ['the name shows nothing', { name: ' ' }, 'INVALID_INPUT'],
    ['an address is malformed', { ipAllowList: ['localhost'] }, 'INVALID_INPUT'],
    ['a block is too wide', { ipAllowList: ['0.0.0.0/0'] }, 'INVALID_INPUT'],
    ['it could send money out from anywhere', { ipAllowList: [] }, 'IP_ALLOW_LIST_NEEDED'],
  ])('stays as it is when %s', async (_what, change, reason) => {
    const { id } = await aKey({ scopes: ['WITHDRAW_WRITE'], ipAllowList: ['127.0.0.1'] });
    expect(await update(id, change)).toEqual({ reason });
    await trader.request(REVOKE_KEY, { id });
    expect(await update(id, { name: 'late' })).toEqual({ reason: 'KEY_REVOKED' });
  });

  it('cannot be given more of them by a key that is itself bound to addresses', async () => {
    const ipAllowList = ['127.0.0.0/8'];
    const { secret, id } = await aKey({ scopes: ['KEYS_WRITE'], ipAllowList });
    const bound = new TraderClient(desk.gateway, { accountId: '', apiKey: secret });
    const reason = 'IP_ALLOW_LIST_EXCEEDED';
    expect(await update(id, { ipAllowList: [] }, bound)).toEqual({ reason });
    expect(await update(id, { ipAllowList: ['203.0.113.7'] }, bound)).toEqual({ reason });
    expect(await update(id, { ipAllowList: ['127.0.0.1'] }, bound)).toMatchObject({
      apiKey: { ipAllowList: ['127.0.0.1'] },
    });
    await bound.close();
  });

  it('cannot be changed without a credential, nor by a key that cannot manage keys', async () => {
    const { secret, id } = await aKey();
    const reader = new TraderClient(desk.gateway, { accountId: '', apiKey: secret });
    for (const [client, code] of [
      [desk.anonymous(), 'UNAUTHENTICATED'],
      [reader, 'FORBIDDEN'],
    ] as const) {
      const { errors } = await client.send(UPDATE, { input: { id, name: 'mine' } });
      expect(errors?.[0]?.extensions['code']).toBe(code);
    }
    await reader.close();
  });
});

import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SocketClient } from '../fixtures/socket-client.ts';
import type { Desk } from './harness.ts';
import { shareDesk } from './shared-desk.ts';
import { TraderClient } from './trader-client.ts';

// What a program is told whose key is not good here or any more, on each way in.
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret apiKey { id } } ... on ApiKeyRefused { reason message }
} }`;
const REVOKE = `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }`;
const ROTATE = `mutation ($id: ID!) { rotateApiKey(input: { id: $id, overlapSeconds: 0 }) {
  ... on ApiKeyRotated { secret }
} }`;

interface Created {
  readonly createApiKey: { readonly secret: string; readonly apiKey: { readonly id: string } };
}

let desk: Desk;
let trader: TraderClient;
beforeAll(async () => {
  desk = await shareDesk('still');
  trader = await desk.aTrader();
});
afterAll(() => desk.stop());

async function aKey(input: object = {}) {
  const { createApiKey } = await trader.request<Created>(CREATE, {
    input: { name: 'bot', scopes: ['ACCOUNT_READ'], ...input },
  });
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A key as anybody can make one up: its checksum is right. */
function madeUp(body: string): string {
  const digit = (place: number) => DIGITS.charAt(Math.floor(crc32(body) / 62 ** place) % 62);
  return body + [5, 4, 3, 2, 1, 0].map(digit).join('');
}

/** How a key is answered over HTTP, as an event stream, at the upgrade and at `connection_init`. */
async function answersTo(apiKey: string) {
  const post = async (accept: string) => {
    const response = await fetch(`${desk.gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, 'x-api-key': apiKey },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    const { errors } = (await response.json()) as {
      errors: readonly { extensions: { code: string; reason?: string } }[];
    };
    const { code, reason } = errors[0]?.extensions ?? {};
    return `${response.status} ${code} ${reason}`;
  };
  const upgrade = await SocketClient.open(desk.gateway, { headers: { 'x-api-key': apiKey } }).catch(
    (cause: unknown) => String(cause),
  );
  const socket = await SocketClient.open(desk.gateway);
  socket.send({ type: 'connection_init', payload: { apiKey } });
  const { code, reason } = await socket.closed;
  return {
    http: await post('application/json'),
    events: await post('text/event-stream'),
    upgrade,
    socket: `${code} ${reason}`,
  };
}

describe('a key that is refused', () => {
  it('from this address is FORBIDDEN, with IP_NOT_ALLOWED', async () => {
    const { secret } = await aKey({ ipAllowList: ['203.0.113.0/24'] });
    expect(await answersTo(secret)).toEqual({
      http: '403 FORBIDDEN IP_NOT_ALLOWED',
      events: '403 FORBIDDEN IP_NOT_ALLOWED',
      upgrade: 'Error: HTTP 403',
      socket: '4403 IP_NOT_ALLOWED',
    });
  });

  it.each([
    ['KEY_REVOKED', REVOKE],
    ['KEY_EXPIRED', ROTATE],
  ])('for good is UNAUTHENTICATED, with %s', async (reason, end) => {
    const { secret, id } = await aKey();
    await trader.request(end, { id });
    expect(await answersTo(secret)).toEqual({
      http: `401 UNAUTHENTICATED ${reason}`,
      events: `401 UNAUTHENTICATED ${reason}`,
      upgrade: 'Error: HTTP 401',
      socket: `4403 ${reason}`,
    });
  });

  it('since its secret is wrong is told nothing, whether the key is there, ended, or not', async () => {
    const [good, ended] = [await aKey(), await aKey({ ipAllowList: ['203.0.113.0/24'] })];
    await trader.request(REVOKE, { id: ended.id });
    const { secret } = await aKey();
    expect(madeUp(secret.slice(0, -6))).toBe(secret);
    const foreign = secret.split('_')[2]?.slice(0, -6);
    for (const id of [good.id, ended.id, '0'.repeat(16)]) {
      const answers = await answersTo(madeUp(`dg_${id}_${foreign}`));
      expect(answers).toEqual({
        http: '401 UNAUTHENTICATED undefined',
        events: '401 UNAUTHENTICATED undefined',
        upgrade: 'Error: HTTP 401',
        socket: '4403 Forbidden',
      });
    }
  });

  it('for what it may not do is told which scope is missing', async () => {
    const { secret } = await aKey();
    const reader = new TraderClient(desk.gateway, { accountId: trader.accountId, apiKey: secret });
    const { errors } = await reader.send('mutation { signOutEverywhere { endedSessions } }');
    expect(errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'FORBIDDEN', reason: 'SCOPE_MISSING', needed: 'keys:write' },
    });
    await reader.close();
  });
});

describe('a rotated key', () => {
  it('ends the streams on its old secret within a second, and none on the new one', async () => {
    const { secret, id } = await aKey();
    const old = await SocketClient.connect(desk.gateway, { apiKey: secret });
    const { rotateApiKey } = await trader.request<{ rotateApiKey: { secret: string } }>(ROTATE, {
      id,
    });
    const next = await SocketClient.connect(desk.gateway, { apiKey: rotateApiKey.secret });
    expect(await old.closed).toMatchObject({ code: 4403 });
    await next.settle();
    await next.close();
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture();
});
afterAll(() => desk.stop());

describe('a credential', () => {
  it('that is not good is answered 401, also a malformed one', async () => {
    for (const headers of [
      { 'x-api-key': 'wrong' },
      { authorization: 'Bearer wrong' },
      { authorization: 'Basic x' },
    ]) {
      const { status, json } = await desk.post({ query: '{ __typename }' }, headers);
      expect(status).toBe(401);
      expect(json.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    }
  });

  it.each<Record<string, string>>([
    { 'x-api-key': 'key-anna', authorization: 'Bearer key-anna' },
    { authorization: 'key-anna' },
  ])('that is none, as %j, is told from one that is not good', async (headers) => {
    const { status, json } = await desk.post({ query: '{ __typename }' }, headers);
    expect(status).toBe(401);
    expect(json.errors?.[0]?.extensions['reason']).toBe('CREDENTIAL_MALFORMED');
  });

  it('is looked up once for all who show it at the same time', async () => {
    // However long all of them take, none comes so late that it would be asked for again.
    const times = { roundMs: 3_600_000, rememberedMs: 3_600_000 };
    const patient = await startDeskFixture({ credentialTimes: times });
    patient.world.addTrader('key-carl', { userId: 'carl', accounts: [], scopes: [] });
    const headers = { authorization: 'Bearer key-carl' };
    await Promise.all(
      Array.from({ length: 20 }, () => patient.post({ query: '{ viewer { id } }' }, headers)),
    );
    await patient.stop();
    expect(patient.world.calls.filter((call) => call.startsWith('authenticate'))).toEqual([
      'authenticate service:gateway',
    ]);
  });

  it('is dead a second after it was ended', async () => {
    desk.world.addTrader('key-dora', { userId: 'dora', accounts: [], scopes: [] });
    const ask = () => desk.post({ query: '{ viewer { id } }' }, { 'x-api-key': 'key-dora' });
    expect((await ask()).status).toBe(200);
    desk.world.principals.delete('key-dora');
    await expect.poll(async () => (await ask()).status).toBe(401);
  });

  it('that cannot be checked now is answered 503, not as if it were bad', async () => {
    const restart = await desk.stopSubgraph('account');
    const { status, json } = await desk.post(
      { query: '{ serverTime }' },
      { 'x-api-key': 'key-new' },
    );
    await restart();
    expect(status).toBe(503);
    expect(json.errors?.[0]?.extensions).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'NOT_APPLIED',
    });
  });

  it('is checked while reads of one user hold every connection to the subgraph', async () => {
    const scopes = ['market:read'];
    for (const userId of ['fred', 'gina'])
      desk.world.addTrader(`key-${userId}`, { userId, accounts: [], scopes });
    const reads = () => desk.world.calls.filter((call) => call.startsWith('viewer')).length;
    const before = reads();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    desk.world.delayOfViewers = () => held;
    let answered = 0;
    const slow = Array.from({ length: 100 }, async (_, index) => {
      await desk.post({ query: `{ viewer { a${index}: id } }` }, { 'x-api-key': 'key-fred' });
      answered += 1;
    });
    await expect.poll(() => reads() - before).toBeGreaterThanOrEqual(64);
    const { status } = await desk.post({ query: '{ __typename }' }, { 'x-api-key': 'key-gina' });
    expect([status, answered]).toEqual([200, 0]);
    desk.world.delayOfViewers = () => Promise.resolve();
    release();
    await Promise.all(slow);
  });

  it('comes from headers that we know; others never reach a subgraph', async () => {
    const { json } = await desk.post(
      { query: '{ viewer { id } }' },
      { 'x-user-id': 'anna', 'x-deskgraph-passport': 'forged' },
    );
    expect(json.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });
});

describe('a change that was signed', () => {
  const BODY = {
    query: `mutation { placeOrder(input: {
      accountId: "acc-emil", clientOrderId: "1", symbol: "BTC-USDT", side: BUY,
      terms: { market: { quantity: "1" } }
    }) { __typename } }`,
  };
  const orders = () => desk.world.calls.filter((call) => call.startsWith('placeOrder')).length;
  const post = async (accept: string, timestamp: number) => {
    const response = await fetch(`${desk.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        'x-api-key': 'key-emil',
        'x-signature': 's',
        'x-nonce': randomUUID(),
        'x-timestamp': String(timestamp),
        'x-receive-window-ms': '1000',
      },
      body: JSON.stringify(BODY),
    });
    const [json = ''] = /\{.*\}/.exec(await response.text()) ?? [];
    return JSON.parse(json) as Answer;
  };

  it.each([
    ['as JSON', 'application/json'],
    ['as an event', 'text/event-stream'],
  ])('is not begun when it has grown old, answered %s', async (_how, accept) => {
    const scopes = ['trade:write', 'trade:read'];
    desk.world.addTrader('key-emil', { userId: 'emil', accounts: ['acc-emil'], scopes });
    desk.world.calls.length = 0;
    expect((await post(accept, Date.now() + 60_000)).errors).toBeUndefined();
    expect(orders()).toBe(1);
    const timestamp = Date.now();
    desk.world.delayOfCredentials = () =>
      expect.poll(() => Date.now()).toBeGreaterThan(timestamp + 1000);
    const json = await post(accept, timestamp);
    desk.world.delayOfCredentials = () => Promise.resolve();
    expect(json.errors?.[0]?.extensions).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'NOT_APPLIED',
      retryable: true,
    });
    expect(orders()).toBe(1);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

// A trusted proxy says from where each client comes.
const FROM = { 'x-forwarded-for': '192.0.2.7' };
const ELSEWHERE = { 'x-forwarded-for': '192.0.2.8' };
const QUERY = { query: '{ serverTime }' };

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture({ trustedProxies: ['127.0.0.1'] });
  for (const userId of ['anna', 'bert'])
    desk.world.addTrader(`key-${userId}`, { userId, accounts: [], scopes: ['market:read'] });
});
afterAll(() => desk.stop());

const statusBy = async (headers: Record<string, string>) =>
  (await desk.post(QUERY, headers)).status;
const questions = () => desk.world.calls.filter((call) => call.startsWith('authenticate')).length;

describe('an address that shows many API keys that do not exist', () => {
  it('is answered 429 without a question for these and for keys that are new here, and for nothing else', async () => {
    const known = { ...FROM, 'x-api-key': 'key-anna' };
    expect(await statusBy(known)).toBe(200);
    const invent = () => statusBy({ ...FROM, 'x-api-key': randomUUID() });
    const flood = async () => Promise.all(Array.from({ length: 40 }, invent));
    await expect.poll(async () => (await flood()).at(-1), { interval: 0 }).toBe(429);
    const asked = questions();
    const { status, json } = await desk.post(QUERY, { ...FROM, 'x-api-key': 'key-bert' });
    expect(status).toBe(429);
    expect(json.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    const { headers: told } = await fetch(`${desk.origin}/graphql`, {
      method: 'POST',
      body: JSON.stringify(QUERY),
      headers: { ...FROM, 'content-type': 'application/json', 'x-api-key': randomUUID() },
    });
    expect(Number(told.get('retry-after'))).toBeGreaterThan(0);
    expect(questions()).toBe(asked);
    const headers = { ...FROM, 'x-api-key': randomUUID() };
    await expect(SocketClient.open(desk.origin, { headers })).rejects.toThrow('HTTP 429');
    expect(await statusBy(FROM)).toBe(200);
    expect(await statusBy(known)).toBe(200);
    expect(await statusBy({ ...ELSEWHERE, 'x-api-key': randomUUID() })).toBe(401);
    const later = () => statusBy({ ...FROM, 'x-api-key': 'key-bert' });
    await expect.poll(later, { timeout: 20_000 }).toBe(200);
  });

  it('is not one that repeats a wrong key, however often', async () => {
    const wrong = { ...ELSEWHERE, 'x-api-key': 'wrong' };
    const statuses = await Promise.all(Array.from({ length: 100 }, () => statusBy(wrong)));
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(await statusBy({ ...ELSEWHERE, 'x-api-key': randomUUID() })).toBe(401);
  });
});

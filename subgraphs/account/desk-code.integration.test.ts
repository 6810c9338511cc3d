import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccountId, parseSessionId, trusted } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { whileLocked } from './test-locks.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

// What a session that was stolen from the desk alone cannot do: a correction moves anybody's money.

const CORRECT = `mutation ($input: CorrectLedgerEntryInput!) { correctLedgerEntry(input: $input) {
  ... on TransferApplied { replayed } ... on CorrectionRefused { reason }
} }`;
const FREEZE = `mutation ($input: SetAccountFreezeInput!) { setAccountFreeze(input: $input) {
  ... on AccountFreezeSet { tradingState } ... on AccountFreezeRefused { reason }
} }`;
const HOUSE = { accountId: trusted(parseAccountId, 'house'), role: 'OWNER' as const };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** An owner of the house account with a second factor: their session, their key, and unused codes. */
async function aDesk() {
  const operator = await server.aTrader({}, { isDesk: true });
  const { userId } = operator;
  const session = signedIn(operator, HOUSE);
  const byKey: Trader = { ...viewerOf(operator), accounts: [HOUSE] };
  const codes = [...(await turnOnSecondFactor(server, session)).recoveryCodes];
  return { userId, session, byKey, nextCode: () => codes.shift() };
}

describe("the desk's session with a second factor", () => {
  it('shows a code for a correction, once, and its key shows none', async () => {
    const { session, byKey, nextCode } = await aDesk();
    const { accountId } = await server.aTrader({ USDT: '50' });
    const input = {
      ...{ transferId: 'fix', accountId, sequence: '1', amount: '20', reason: 'a mistake' },
    };
    const correct = (change: object, viewer = session) =>
      server.ask(viewer, CORRECT, { ...input, ...change });
    expect(await correct({})).toEqual({ reason: 'SECOND_FACTOR_NEEDED' });
    expect(await correct({ code: '000000' })).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    const code = nextCode();
    // What cannot be corrected uses up no code.
    expect(await correct({ sequence: '99', code })).toEqual({ reason: 'ENTRY_NOT_FOUND' });
    for (const transferId of ['too-much', 'too-much'])
      expect(await correct({ transferId, amount: '51', code })).toEqual({
        reason: 'INVALID_AMOUNT',
      });
    const twins = await Promise.all([correct({ code }), correct({ code })]);
    expect(twins).toEqual(expect.arrayContaining([{ replayed: false }, { replayed: true }]));
    expect(await correct({})).toEqual({ replayed: true });
    expect(await correct({ transferId: 'more', code })).toEqual({
      reason: 'SECOND_FACTOR_INVALID',
    });
    expect(await correct({ transferId: 'more' }, byKey)).toEqual({ replayed: false });
  });

  it('freezes an account without one, and shows one to unfreeze it', async () => {
    const { session, nextCode } = await aDesk();
    const { accountId } = await server.aTrader();
    const set = (isFrozen: boolean, code?: string) =>
      server.ask(session, FREEZE, { accountId, isFrozen, reason: 'taken over', code });
    expect(await set(true)).toEqual({ tradingState: 'HALTED' });
    expect(await set(false)).toEqual({ reason: 'SECOND_FACTOR_NEEDED' });
    const code = nextCode();
    // What cannot be unfrozen uses up no code.
    for (const [other, reason] of [
      ['acc-nobody', 'ACCOUNT_NOT_FOUND'],
      ['house', 'NOT_A_CLIENT_ACCOUNT'],
    ] as const) {
      const input = { accountId: other, isFrozen: false, reason: 'a mistake', code };
      expect(await server.ask(session, FREEZE, input)).toEqual({ reason });
    }
    expect(await set(false, code)).toEqual({ tradingState: 'ACTIVE' });
    expect(await set(true)).toEqual({ tradingState: 'HALTED' });
    expect(await set(false, code)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
  });
});

it('refuses a freeze of someone who is taken off the desk at that moment', async () => {
  const operator = await server.aTrader({}, { isDesk: true });
  const { accountId } = await server.aTrader();
  await server.sql('BEGIN');
  await server.sql(`SELECT pg_advisory_xact_lock(hashtextextended('members of house', 0))`);
  const input = { accountId, isFrozen: true, reason: 'taken over' };
  let isAnswered = false;
  const answer = server.ask(signedIn(operator, HOUSE), FREEZE, input).finally(() => {
    isAnswered = true;
  });
  const waiting = () =>
    server.sql(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  await expect.poll(async () => isAnswered || (await waiting()).length > 0).toBe(true);
  await server.sql(
    `DELETE FROM account_members WHERE account_id = 'house' AND user_id = '${operator.userId}'`,
  );
  await server.sql('COMMIT');
  expect(await answer).toEqual({ reason: 'NOT_THE_DESK' });
});

it.each([
  ['its entry in the trail', 'SELECT id FROM users WHERE id = $1 FOR UPDATE'],
  ['its code', 'SELECT user_id FROM recovery_codes WHERE user_id = $1 FOR UPDATE'],
])(
  'corrects nothing for someone who was taken off the desk while %s waited',
  async (_what, lock) => {
    const { userId, session, nextCode } = await aDesk();
    const { accountId } = await server.aTrader({ USDT: '50' });
    const held = {
      lock,
      change: "DELETE FROM account_members WHERE user_id = $1 AND account_id = 'house'",
      parameters: [userId],
    };
    const code = nextCode();
    const input = { transferId: 'late', accountId, sequence: '1', reason: 'a mistake', code };
    const answer = await whileLocked(server, held, () => server.ask(session, CORRECT, input));
    expect(answer).toEqual({ reason: 'NOT_THE_DESK' });
  },
);

it('corrects nothing in a session that ended while its code waited', async () => {
  const { userId, session, nextCode } = await aDesk();
  const { accountId } = await server.aTrader({ USDT: '50' });
  const sessionId = trusted(parseSessionId, 'ses-1111111111111111111111');
  await server.sql(
    `INSERT INTO sessions (id, user_id, family_hash, token_hash, created_at, refreshed_at, expires_at)
     VALUES ($1, $2, 'f', 't', now(), now(), now() + interval '1 minute')`,
    [sessionId, userId],
  );
  const held = {
    lock: 'SELECT user_id FROM recovery_codes WHERE user_id = $1 FOR UPDATE',
    change: 'UPDATE sessions SET ended_at = now() WHERE user_id = $1',
    parameters: [userId],
  };
  const viewer: Trader = { ...session, credential: { kind: 'session', sessionId } };
  const input = { transferId: 'late', accountId, sequence: '1', reason: 'a mistake' };
  const code = nextCode();
  const answer = await whileLocked(server, held, () =>
    server.ask(viewer, CORRECT, { ...input, code }).catch(String),
  );
  expect(answer).toContain('UNAUTHENTICATED');
});

import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestStores, type TestStores } from '../../store/test-stores.ts';
import { openJwtAccessTokens } from './jwt-access-tokens.ts';
import { KnownNetworks } from '../known-networks.ts';
import { newIds } from '../new-ids.ts';
import { openRefreshTokenSecrets } from './refresh-token-secrets.ts';
import { parseRetryKey } from './retry-key.ts';
import { type RefreshOutcome, Sessions } from './sessions.ts';

// Real rows, and a clock that the test sets: weeks pass here.
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ORIGIN = { address: '198.51.100.7', userAgent: 'test/1' };

let world: TestStores;
let atMs = Date.UTC(2030, 0, 1);
let sessions: Sessions;
const refreshTokenSecrets = openRefreshTokenSecrets('of the desk');
beforeAll(async () => {
  world = await openTestStores();
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const clock = { now: () => atMs };
  sessions = new Sessions({
    ...{ store: world.stores.sessions, refreshTokens: refreshTokenSecrets, ids: newIds },
    accessTokens: await openJwtAccessTokens(JSON.stringify(key)),
    ...{ knownNetworks: new KnownNetworks(clock), clock },
  });
});
afterAll(() => world.close());

async function aUser() {
  const id = newIds.userId();
  const user = { id, email: `${id}@deskgraph.example`, name: 'u' };
  await world.stores.provisioning.addUser({ ...user, passwordHash: null, createdAtMs: atMs });
  return id;
}

const refusalOf = (outcome: RefreshOutcome) => (outcome.kind === 'refused' ? outcome.reason : null);

/** The next pair. @throws Error with the reason of a refusal */
async function refreshed(token: string) {
  const outcome = await sessions.refresh(token, ORIGIN);
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  return outcome.signedIn;
}

describe('a refresh token', () => {
  it('gives a new pair, of the same sign-in, again and again', async () => {
    const first = await sessions.begin(await aUser(), ORIGIN);
    let signedIn = first;
    for (let n = 0; n < 5; n += 1) {
      atMs += 14 * MINUTE;
      const next = await refreshed(signedIn.refreshToken);
      expect(next.session).toMatchObject({ id: first.session.id, refreshedAtMs: atMs });
      expect(next.refreshToken).not.toBe(signedIn.refreshToken);
      expect(next.expiresAtMs).toBe(atMs + 15 * MINUTE);
      signedIn = next;
    }
  });

  it('that comes a second time ends the whole sign-in, and no other', async () => {
    const userId = await aUser();
    const [first, other] = [await sessions.begin(userId, null), await sessions.begin(userId, null)];
    const second = await refreshed(first.refreshToken);
    expect(refusalOf(await sessions.refresh(first.refreshToken, ORIGIN))).toBe(
      'REFRESH_TOKEN_REUSED',
    );
    for (const { refreshToken } of [first, second])
      expect(refusalOf(await sessions.refresh(refreshToken, ORIGIN))).toBe('SESSION_ENDED');
    expect(await sessions.live(first.session.id)).toBeNull();
    expect((await sessions.liveOf(userId)).map(({ id }) => id)).toEqual([other.session.id]);
    await refreshed(other.refreshToken);
  });

  describe('shown with a retry key', () => {
    const [KEY, OTHER] = ['0b4f0c8e-7a3e-4a52-9c39', '7c1de2a9-11f4-4f0b-8f2b'];
    const THIRD = 'e1a0a3a4-2f7b-4d1c-8d3b';
    const refresh = async (token: string, key: string | null = KEY) => {
      const outcome = await sessions.refresh(token, ORIGIN, key);
      return outcome.kind === 'refused' ? outcome.reason : outcome.signedIn.refreshToken;
    };

    it('gets the same pair again after a lost answer, and at the same time', async () => {
      const { session, refreshToken } = await sessions.begin(await aUser(), ORIGIN);
      const next = await refresh(refreshToken);
      expect(await Promise.all([refresh(refreshToken), refresh(refreshToken)])).toEqual([
        next,
        next,
      ]);
      expect(await sessions.live(session.id)).not.toBeNull();
      const twins = await Promise.all([refresh(next, OTHER), refresh(next, OTHER)]);
      expect(twins[0]).toBe(twins[1]);
      expect(await refresh(twins[0] ?? '', THIRD)).toMatch(/^dgr_/);
    });

    it('needs another key than the previous refresh, from which all later tokens could be made', async () => {
      const { session, refreshToken } = await sessions.begin(await aUser(), ORIGIN);
      const next = await refresh(refreshToken);
      expect(await refresh(next)).toBe('RETRY_KEY_USED');
      // Nothing was used up, and the first request can still be repeated.
      expect(await refresh(refreshToken)).toBe(next);
      expect(await refresh(next, OTHER)).toMatch(/^dgr_/);
      expect(await sessions.live(session.id)).not.toBeNull();
    });

    it('is repeated for a quarter of an hour, and ends its session later', async () => {
      const { session, refreshToken } = await sessions.begin(await aUser(), ORIGIN);
      const next = await refresh(refreshToken);
      atMs += 15 * MINUTE - 1;
      expect(await refresh(refreshToken)).toBe(next);
      atMs += 1;
      expect(await refresh(refreshToken)).toBe('REFRESH_TOKEN_REUSED');
      expect(await sessions.live(session.id)).toBeNull();
    });

    it('says nothing of the next token to those who saw the request, and ask later', async () => {
      const { session, refreshToken } = await sessions.begin(await aUser(), ORIGIN);
      await refresh(refreshToken);
      atMs += DAY;
      const theirs = openRefreshTokenSecrets('of a thief').parse(refreshToken);
      const made = theirs?.next(parseRetryKey(KEY)).text ?? '';
      expect(await refresh(made, null)).toBe('REFRESH_TOKEN_REUSED');
      expect(await sessions.live(session.id)).toBeNull();
    });

    it.each([
      ['without the key', null],
      ['with another key', OTHER],
    ])('still ends its session %s', async (_how, key) => {
      const { session, refreshToken } = await sessions.begin(await aUser(), ORIGIN);
      await refresh(refreshToken);
      expect(await refresh(refreshToken, key)).toBe('REFRESH_TOKEN_REUSED');
      expect(await sessions.live(session.id)).toBeNull();
    });

    it('ends its session once the next token was used, or if it was used without a key', async () => {
      const first = await sessions.begin(await aUser(), ORIGIN);
      await refresh(await refresh(first.refreshToken), OTHER);
      expect(await refresh(first.refreshToken)).toBe('REFRESH_TOKEN_REUSED');
      const second = await sessions.begin(await aUser(), ORIGIN);
      await refresh(second.refreshToken, null);
      expect(await refresh(second.refreshToken)).toBe('REFRESH_TOKEN_REUSED');
    });

    it('stays valid if the key is malformed', async () => {
      const { refreshToken } = await sessions.begin(await aUser(), ORIGIN);
      for (const key of ['', 'short', 'x'.repeat(65), `${KEY} `])
        expect(await refresh(refreshToken, key)).toBe('RETRY_KEY_INVALID');
      expect(await refresh(refreshToken)).toMatch(/^dgr_/);
    });
  });

  it('shown by fifty at once is good for one of them, and ends the sign-in', async () => {
    const { session, refreshToken } = await sessions.begin(await aUser(), ORIGIN);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => sessions.refresh(refreshToken, ORIGIN)),
    );
    expect(outcomes.filter(({ kind }) => kind === 'refreshed')).toHaveLength(1);
    expect(outcomes.map(refusalOf)).toContain('REFRESH_TOKEN_REUSED');
    expect(await sessions.live(session.id)).toBeNull();
  });

  it('that was invented is nothing, and ends nothing', async () => {
    const { session } = await sessions.begin(await aUser(), ORIGIN);
    const invented = refreshTokenSecrets.make(session.id).text;
    for (const token of [invented, refreshTokenSecrets.make(newIds.sessionId()).text, 'dgr_x'])
      expect(refusalOf(await sessions.refresh(token, ORIGIN))).toBe('REFRESH_TOKEN_INVALID');
    expect(await sessions.live(session.id)).not.toBeNull();
  });

  it('lies in the database as hashes alone', async () => {
    const { refreshToken } = await sessions.begin(await aUser(), ORIGIN);
    const next = await refreshed(refreshToken);
    const rows = JSON.stringify(await world.sql('SELECT * FROM sessions'));
    for (const token of [refreshToken, next.refreshToken]) {
      const [, , secret = ''] = token.split('_');
      for (const part of [secret.slice(0, 50), secret.slice(50, 100)])
        expect(rows).not.toContain(part);
    }
  });
});

describe('a sign-in', () => {
  it('ends seven days after it was last refreshed', async () => {
    const { session, refreshToken } = await sessions.begin(await aUser(), ORIGIN);
    atMs += 7 * DAY - 1;
    expect(await sessions.live(session.id)).not.toBeNull();
    const next = await refreshed(refreshToken);
    atMs += 7 * DAY;
    expect(await sessions.live(session.id)).toBeNull();
    expect(refusalOf(await sessions.refresh(next.refreshToken, ORIGIN))).toBe('SESSION_ENDED');
  });

  it('ends thirty days after its begin, its last access token with it', async () => {
    let signedIn = await sessions.begin(await aUser(), ORIGIN);
    const endsAtMs = atMs + 30 * DAY;
    while (atMs < endsAtMs - 6 * DAY) {
      atMs += 6 * DAY;
      signedIn = await refreshed(signedIn.refreshToken);
    }
    atMs = endsAtMs - MINUTE;
    signedIn = await refreshed(signedIn.refreshToken);
    expect(signedIn.expiresAtMs).toBe(endsAtMs);
    atMs = endsAtMs;
    expect(refusalOf(await sessions.refresh(signedIn.refreshToken, ORIGIN))).toBe('SESSION_ENDED');
  });
});

describe('a refresh that meets the end of its sign-in', () => {
  it('learns of the end, and nothing of a copy', async () => {
    const signedIn = await sessions.begin(await aUser(), ORIGIN);
    const { sessions: store } = world.stores;
    const { id } = signedIn.session;
    const read = store.session.bind(store);
    // Ended between the first read and the update.
    const spy = vi.spyOn(store, 'session').mockImplementationOnce(async (asked) => {
      const found = await read(asked);
      await world.sql('UPDATE sessions SET ended_at = now() WHERE id = $1', [id]);
      return found;
    });
    expect(refusalOf(await sessions.refresh(signedIn.refreshToken, ORIGIN))).toBe('SESSION_ENDED');
    spy.mockRestore();
  });
});

describe('sign-ins of one person', () => {
  it('are a hundred at most: with another one, that unused for longest ends, and is written down', async () => {
    const userId = await aUser();
    const [first, second] = [
      await sessions.begin(userId, ORIGIN),
      await sessions.begin(userId, ORIGIN),
    ];
    for (let count = 2; count < 100; count += 1) await sessions.begin(userId, ORIGIN);
    atMs += MINUTE;
    await refreshed(first.refreshToken);
    const last = await sessions.begin(userId, ORIGIN);
    expect(await sessions.live(first.session.id)).not.toBeNull();
    const [live, [entry]] = [
      await sessions.liveOf(userId),
      await world.stores.audit.entriesOf(userId, {
        before: null,
        period: { from: null, to: null },
        limit: 1,
      }),
    ];
    expect(live).toHaveLength(100);
    const page = await sessions.pageOf(userId, { before: null, limit: 250 });
    const ended = page.filter(({ endedAtMs }) => endedAtMs !== null);
    expect(ended).toHaveLength(1);
    expect(ended[0]?.createdAtMs).toBe(second.session.createdAtMs);
    expect(entry).toMatchObject({
      ...{ action: 'SESSION_ENDED', subjectId: ended[0]?.id, sessionId: last.session.id },
    });
  });
});

// More people sign in at the same time than passwords can be hashed.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { TEST_ORIGIN } from '#shared/subgraph/test-subgraph.ts';
import { ScryptPasswordHasher } from './identity/passwords/scrypt-password-hasher.ts';
import { ScryptProcess } from './identity/passwords/scrypt-process.ts';
import { startTestServer } from './test-server.ts';

const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignInRefused { reason }
} }`;

afterEach(() => void vi.restoreAllMocks());

/**
 * A hasher with so many places whose hashes can be held: how long one takes depends on what else the machine does, and
 * those of a crowd take what is left.
 */
function heldPasswords(atOnce: number) {
  const { derive } = ScryptProcess.prototype;
  let held = Promise.resolve();
  vi.spyOn(ScryptProcess.prototype, 'derive').mockImplementation(async function (
    this: ScryptProcess,
    ...task
  ) {
    await held;
    return derive.apply(this, task);
  });
  /** From now on none begins. @returns a function that lets all of them go on */
  const hold = () => {
    let letGo = () => {};
    held = new Promise((resolve) => (letGo = resolve));
    return () => letGo();
  };
  return { passwords: new ScryptPasswordHasher({ atOnce, costLog2: 4 }), hold };
}

describe('signing in', () => {
  it('by sixteen people at once is told to those who find no place that they are too many', async () => {
    const { passwords, hold } = heldPasswords(2);
    const busy = await startTestServer(systemClock, true, passwords);
    const letGo = hold();
    const reasons: string[] = [];
    const tries = Array.from({ length: 16 }, async (_, index) => {
      const input = { email: `person-${index}@desk.example`, password: 'guess' };
      const origin = { ...TEST_ORIGIN, address: `203.0.113.${index}` };
      const { data } = await busy.subgraph.request<{ signIn: { reason: string } }>(
        ...([NOBODY, SIGN_IN, { input }, origin] as const),
      );
      reasons.push(data.signIn.reason);
    });
    const refused = () => reasons.filter((reason) => reason === 'TOO_MANY_ATTEMPTS').length;
    await expect.poll(refused).toBe(6);
    letGo();
    await Promise.all(tries);
    expect(reasons.slice(6)).toEqual(Array.from({ length: 10 }, () => 'CREDENTIALS_INVALID'));
    await busy.stop();
  });

  it('of who is known where they are is looked at while strangers keep all others waiting', async () => {
    const { passwords, hold } = heldPasswords(1);
    const busy = await startTestServer(systemClock, true, passwords);
    const signInAs = async (email: string, password: string, address: string) => {
      const { data } = await busy.subgraph.request<{ signIn: { reason?: string } }>(
        ...([NOBODY, SIGN_IN, { input: { email, password } }] as const),
        { ...TEST_ORIGIN, address },
      );
      return data.signIn.reason ?? 'SIGNED_IN';
    };
    const { email } = await busy.aTrader({}, { password: 'open sesame' });
    expect(await signInAs(email, 'open sesame', '198.51.100.7')).toBe('SIGNED_IN');
    const letGo = hold();
    const strangers = Array.from({ length: 5 }, (_, index) =>
      signInAs(`person-${index}@desk.example`, 'guess', `203.0.113.${index}`),
    );
    await expect.poll(() => passwords.isFull(null)).toBe(true);
    const looks = vi.spyOn(passwords, 'verify');
    const here = signInAs(email, 'open sesame', '198.51.100.7');
    await expect.poll(() => looks.mock.calls.map(([, , place]) => place?.isKnown)).toEqual([true]);
    expect(await signInAs(email, 'open sesame', '203.0.113.99')).toBe('TOO_MANY_ATTEMPTS');
    letGo();
    expect(await here).toBe('SIGNED_IN');
    await Promise.all(strangers);
    await busy.stop();
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { ScryptPasswordHasher } from './scrypt-password-hasher.ts';

const opened: ScryptPasswordHasher[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  opened.splice(0).forEach((hasher) => hasher.close());
});

function open(costLog2 = 17, atOnce = 2): ScryptPasswordHasher {
  const hasher = new ScryptPasswordHasher({ costLog2, atOnce });
  opened.push(hasher);
  return hasher;
}

const known = (network: string) => ({ network, isKnown: true });

describe('password', () => {
  it('is right against its own hash alone, and never against none', async () => {
    const hasher = open(4);
    const stored = await hasher.hash('open sesame');
    expect(await hasher.verify('open sesame', stored, null)).toBe('right');
    expect(await hasher.verify('open sesame ', stored, null)).toBe('wrong');
    expect(await hasher.verify('', null, null)).toBe('wrong');
    expect(await hasher.hash('open sesame')).not.toBe(stored);
  });

  it('is hashed with the cost that guessing needs', async () => {
    const hasher = new ScryptPasswordHasher();
    opened.push(hasher);
    expect(await hasher.hash('x')).toMatch(/^scrypt\$17\$/);
  });

  it('is turned away as busy beyond two at work and eight waiting', async () => {
    const hasher = open(10);
    const verdicts = await Promise.all(
      Array.from({ length: 15 }, () => hasher.verify('guess', null, null)),
    );
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(5);
    expect(await hasher.verify('guess', null, null)).toBe('wrong');
    const hashes = await Promise.all(Array.from({ length: 15 }, () => hasher.hash('new')));
    expect(hashes.filter((hash) => hash === null)).toHaveLength(5);
  });

  it('is rested after where it was wrong and others wait, and nowhere else', async () => {
    const hasher = open(4, 1);
    const stored = await hasher.hash('open sesame');
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const verify = (passwords: readonly string[]) =>
      Promise.all(passwords.map((password) => hasher.verify(password, stored, null)));
    await verify(['open sesame', 'open sesame', 'open sesame']);
    await verify(['guess']);
    expect(timers).not.toHaveBeenCalled();
    expect(await verify(['guess', 'open sesame', 'guess'])).toEqual(['wrong', 'right', 'wrong']);
    expect(timers.mock.calls.map(([, delayMs]) => (delayMs ?? 0) > 0)).toEqual([true]);
    timers.mockRestore();
  });

  it('is not rested after once nobody waits any more', async () => {
    const hasher = open(4);
    const slow = `scrypt$17$AAAA$${Buffer.alloc(32).toString('base64url')}`;
    // Once for their processes, which take longer to start than all but the slow one take.
    await Promise.all([0, 1, 2].map(() => hasher.verify('guess', null, null)));
    const timers = vi.spyOn(globalThis, 'setTimeout');
    // The third waits for the second, and the first ends when both have.
    const verdicts = [slow, null, null].map((stored) => hasher.verify('guess', stored, null));
    expect(await Promise.all(verdicts)).toEqual(['wrong', 'wrong', 'wrong']);
    expect(timers).toHaveBeenCalledTimes(1);
    timers.mockRestore();
  });

  it('is rested after in no place once the last who waited has one', async () => {
    const hasher = open(4);
    const endless = setTimeout(() => undefined, 2 ** 30);
    const timers = vi.spyOn(globalThis, 'setTimeout').mockReturnValue(endless);
    const [first, second, third] = [0, 1, 2].map(() => hasher.verify('guess', null, null));
    expect(await Promise.all([first, second])).toEqual(['wrong', 'wrong']);
    const rests = timers.mock.calls.map(([end]) => end);
    timers.mockRestore();
    expect(rests).toHaveLength(2);
    rests[0]?.();
    expect(await third).toBe('wrong');
    const hashes = await Promise.all(Array.from({ length: 15 }, () => hasher.hash('new')));
    expect(hashes.filter((hash) => hash === null)).toHaveLength(5);
  });

  it('is hashed before those of strangers for who is known, and in places of their own', async () => {
    const hasher = open(10, 1);
    const done: string[] = [];
    const verify = async (name: string, isKnown: boolean) => {
      const verdict = await hasher.verify('guess', null, { network: name, isKnown });
      done.push(verdict === 'busy' ? `${name} busy` : name);
    };
    const strangers = Array.from({ length: 6 }, (_, n) => verify(`stranger ${n}`, false));
    expect([hasher.isFull(null), hasher.isFull(known('known 0'))]).toEqual([true, false]);
    const users = Array.from({ length: 5 }, (_, n) => verify(`known ${n}`, true));
    await Promise.all([...strangers, ...users]);
    const waited = [0, 1, 2, 3].map((n) => `known ${n}`);
    const after = [1, 2, 3, 4].map((n) => `stranger ${n}`);
    expect(done).toEqual(['stranger 5 busy', 'known 4 busy', 'stranger 0', ...waited, ...after]);
  });

  it('goes first with one at a time of each known network, which keeps nobody else from theirs', async () => {
    const hasher = open(10, 1);
    const done: string[] = [];
    const verify = async (name: string, network: string) => {
      const verdict = await hasher.verify('guess', null, known(network));
      done.push(verdict === 'busy' ? `${name} busy` : name);
    };
    const busy = Array.from({ length: 6 }, (_, n) => verify(`busy ${n}`, 'busy'));
    expect([hasher.isFull(known('busy')), hasher.isFull(known('other'))]).toEqual([true, false]);
    await Promise.all([...busy, verify('other', 'other')]);
    const others = [1, 2, 3, 4].map((n) => `busy ${n}`);
    expect(done).toEqual(['busy 5 busy', 'busy 0', 'other', ...others]);
  });

  it('goes first for the known networks that had none for longest, however many are kept busy', async () => {
    const hasher = open(10, 1);
    const networks = ['one', 'two', 'three', 'four', 'five', 'late'];
    // As strangers, who are known there since.
    for (const network of networks) await hasher.verify('guess', null, { network, isKnown: false });
    const [one, two, three, four, five] = networks
      .slice(0, 5)
      .map((network) => hasher.verify('guess', null, known(network)));
    expect(['late', 'new'].map((network) => hasher.isFull(known(network)))).toEqual([true, false]);
    expect(await hasher.verify('guess', null, known('late'))).toBe('busy');
    const sixth = hasher.verify('guess', null, known('new'));
    expect(await five).toBe('busy');
    const verdicts = await Promise.all([one, two, three, four, sixth]);
    expect(new Set(verdicts)).toEqual(new Set(['wrong']));
  });

  it('does not wait for the rest after one of a stranger where somebody is known', async () => {
    const hasher = open(4, 1);
    const endless = setTimeout(() => undefined, 2 ** 30);
    const timers = vi.spyOn(globalThis, 'setTimeout').mockReturnValue(endless);
    const first = hasher.verify('guess', null, null);
    const second = hasher.verify('guess', null, null);
    expect(await first).toBe('wrong');
    expect(timers).toHaveBeenCalledTimes(1);
    timers.mockRestore();
    expect(await hasher.verify('guess', null, known('a network'))).toBe('wrong');
    expect(await second).toBe('wrong');
  });

  it('can still be hashed by who was closed, and after one that could not be', async () => {
    const hasher = open(4);
    const stored = await hasher.hash('open sesame');
    hasher.close();
    expect(await hasher.verify('open sesame', stored, null)).toBe('right');
    await expect(hasher.verify('x', 'scrypt$40$AAAA$AAAA', null)).rejects.toThrow();
    expect(await hasher.verify('open sesame', stored, null)).toBe('right');
  });
});

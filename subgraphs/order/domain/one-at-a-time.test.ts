import { describe, expect, it } from 'vitest';
import { OneAtATime } from './one-at-a-time.ts';

describe('OneAtATime', () => {
  it('runs work of one key in the order it came, and never two at once', async () => {
    const log: string[] = [];
    const twins = new OneAtATime();
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    };
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => twins.run('key', work(name))));
    expect(answers).toEqual(['a', 'b', 'c']);
    expect(log).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('does not let a failure stop who waits behind it', async () => {
    const twins = new OneAtATime();
    const failing = twins.run('key', () => Promise.reject(new Error('no')));
    const next = twins.run('key', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('lets other keys pass', async () => {
    const twins = new OneAtATime();
    let end: () => void = () => undefined;
    const held = twins.run('held', () => new Promise<void>((resolve) => (end = resolve)));
    expect(await twins.run('other', () => Promise.resolve('passed'))).toBe('passed');
    end();
    await held;
  });
});

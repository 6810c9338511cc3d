import { getPriority } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { ScryptProcess } from './scrypt-process.ts';

const opened: ScryptProcess[] = [];
afterEach(() => opened.splice(0).forEach((hashing) => hashing.close()));

describe('a process that hashes', () => {
  it.each([
    ['alone', 5],
    ['crowd', 19],
  ] as const)('for %s steps back by %i', async (hashingFor, niceness) => {
    const hashing = new ScryptProcess(hashingFor);
    opened.push(hashing);
    const task = { password: 'x', salt: Buffer.alloc(16), length: 32, settings: { N: 16 } };
    expect(await hashing.derive(task)).toHaveLength(32);
    expect(getPriority(hashing.pid)).toBe(niceness);
  });
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EnvironmentError, readEnvironment } from './read-environment.ts';
import { subgraphEnvironment } from './subgraph-variables.ts';

const schema = z.object({
  PORT: z.coerce.number().max(65_535).default(4000),
  SECRET: z.string().min(8),
});

describe('an environment', () => {
  it('takes a default where a variable is absent or empty, and leaves the rest of the machine alone', () => {
    expect(readEnvironment(schema, { PORT: '', SECRET: 'long enough', PATH: '/bin' })).toEqual({
      PORT: 4000,
      SECRET: 'long enough',
    });
  });

  it.each(['', ' ', '\t'])('takes no number from %j', (text) => {
    expect(readEnvironment(schema, { PORT: text, SECRET: 'long enough' }).PORT).toBe(4000);
  });

  it('tells every problem at once, and no value: it may be a secret', () => {
    const read = () => readEnvironment(schema, { PORT: '70000', SECRET: 'hunter2' });
    expect(read).toThrow(EnvironmentError);
    try {
      read();
    } catch (error) {
      const { problems } = error as EnvironmentError;
      expect(problems.map((problem) => problem.split(':')[0])).toEqual(['PORT', 'SECRET']);
      expect(problems.join()).not.toContain('hunter2');
    }
  });
});

describe('a subgraph with Redis', () => {
  const own = subgraphEnvironment(4001, {});
  const needed = {
    DATABASE_URL: 'postgresql://127.0.0.1/account',
    PASSPORT_KEYS: `gateway.1=${'s'.repeat(32)}`,
  };

  it('demands a prefix, so that two desks on one Redis do not hear each other', () => {
    const redis = { ...needed, REDIS_URL: 'redis://127.0.0.1' };
    expect(() => readEnvironment(own, redis)).toThrow('EVENT_PREFIX: is needed with REDIS_URL');
    expect(readEnvironment(own, { ...redis, EVENT_PREFIX: 'a' }).PORT).toBe(4001);
    expect(readEnvironment(own, needed).HOST).toBe('127.0.0.1');
  });
});

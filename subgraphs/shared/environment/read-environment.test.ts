import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from './read-environment.ts';
import { subgraphEnvironment } from './subgraph-variables.ts';
import { databaseUrlVariable, httpUrlVariable, originVariable } from './variables.ts';

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
    expect(read).toThrow(/^PORT: [^\n]+\nSECRET: [^\n]+$/);
    expect(read).not.toThrow('hunter2');
  });
});

describe('a problem with a variable', () => {
  const variables = z.object({
    REQUIRED: z.string(),
    NUMBER: z.coerce.number(),
    WHOLE: z.coerce.number().int(),
    LOW: z.coerce.number().min(1),
    POSITIVE: z.coerce.number().positive(),
    HIGH: z.coerce.number().max(9),
    SHORT: z.string().min(8),
    FLAG: z.enum(['0', '1']),
    LEVEL: z.enum(['info', 'warn', 'error']),
    URL: z.url(),
    DATABASE: databaseUrlVariable,
    ADDRESS: httpUrlVariable,
    ORIGIN: originVariable,
    LIST: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(httpUrlVariable)),
  });

  it('is described in plain English, with the entry of a list', () => {
    const read = () =>
      readEnvironment(variables, {
        ...{ NUMBER: 'abc', WHOLE: '1.5', LOW: '0', POSITIVE: '0', HIGH: '10', SHORT: 'a' },
        ...{ FLAG: 'yes', LEVEL: 'loud', URL: 'here', DATABASE: 'mysql://here/a' },
        ...{ ADDRESS: 'http://me:hunter2@here/prices', ORIGIN: 'http://here:4001/graphql' },
        LIST: 'https://desk.example,localhost:3000',
      });
    expect(read).toThrow(
      [
        'REQUIRED: is required',
        'NUMBER: is not a number',
        'WHOLE: is not a whole number',
        'LOW: must be at least 1',
        'POSITIVE: must be more than 0',
        'HIGH: must be at most 9',
        'SHORT: must be at least 8 characters long',
        'FLAG: must be 0 or 1',
        'LEVEL: must be info, warn or error',
        'URL: is not a valid URL',
        'DATABASE: needs a postgresql:// address',
        'ADDRESS: must not have a user or password',
        'ORIGIN: is not an origin, such as https://desk.example',
        'LIST, entry 2: needs an http:// or https:// address',
      ].join('\n'),
    );
  });
});

it('an address that is missing is required, and not of another form', () => {
  const addresses = z.object({
    DATABASE: databaseUrlVariable,
    ADDRESS: httpUrlVariable,
    ORIGIN: originVariable,
  });
  expect(() => readEnvironment(addresses, {})).toThrow(
    /^DATABASE: is required\nADDRESS: is required\nORIGIN: is required$/,
  );
});

describe('an origin', () => {
  const read = (ORIGIN: string) =>
    readEnvironment(z.object({ ORIGIN: originVariable }), { ORIGIN }).ORIGIN;

  it.each([
    ['http://here:4001', 'http://here:4001'],
    ['https://Desk.example:443/', 'https://desk.example'],
    ['http://[::1]:4001', 'http://[::1]:4001'],
  ])('%s is taken as %s', (text, origin) => expect(read(text)).toBe(origin));

  it.each([
    ['a path', 'http://here:4001/graphql'],
    ['a query', 'http://here:4001?key=1'],
    ['a user', 'http://me:hunter2@here:4001'],
    ['a wildcard', 'https://*.desk.example'],
    ['no protocol', 'here:4001'],
  ])('is refused with %s, which nobody would use', (_what, text) => {
    expect(() => read(text)).toThrow(/^ORIGIN: is not an origin, such as https:\/\/desk.example$/);
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

import { describe, expect, it } from 'vitest';
import { isContentRefusal, isOutage, isRetryable, isUniqueViolation } from './database-failure.ts';
import { retryTransaction } from './retry-transaction.ts';

/** As raw SQL through Prisma reports a failure. */
const raw = (cause: object) => ({ code: 'P2010', meta: { driverAdapterError: { cause } } });

describe('database failure', () => {
  it.each([
    ['a model call', { code: 'P2034' }],
    ['a commit', { name: 'DriverAdapterError', cause: { kind: 'TransactionWriteConflict' } }],
    ['raw SQL', raw({ kind: 'TransactionWriteConflict' })],
    ['raw SQL, a deadlock', raw({ kind: 'postgres', originalCode: '40P01' })],
    ['plain pg', { code: '40001' }],
  ])('of another transaction in the way is worth a repetition: %s', (_name, error) => {
    expect(isRetryable(error)).toBe(true);
    expect(isContentRefusal(error)).toBe(false);
  });

  it.each([
    ['a model call', { code: 'P2002' }],
    ['raw SQL', raw({ kind: 'UniqueConstraintViolation', originalCode: '23505' })],
    ['plain pg', { code: '23505' }],
  ])('of a key that is taken is known as such: %s', (_name, error) => {
    expect(isUniqueViolation(error)).toBe(true);
    expect(isRetryable(error)).toBe(false);
  });

  it.each([
    ['no connection, in a model call', { code: 'P1001' }],
    ['a connection that was closed, in a model call', { code: 'P1017' }],
    ['no connection in time', { code: 'P2028' }],
    ['a start or a stop, in raw SQL', raw({ kind: 'postgres', originalCode: '57P03' })],
    ['no connection, in raw SQL', raw({ kind: 'DatabaseNotReachable' })],
    ['too many connections', { name: 'DriverAdapterError', cause: { kind: 'TooManyConnections' } }],
    ['a statement that took too long', { code: '57014' }],
    ['a full disk', { code: '53100' }],
    ['a disk that fails', raw({ kind: 'postgres', originalCode: '58030' })],
    ['a database that is being restored', raw({ kind: 'DatabaseDoesNotExist' })],
    ['a password that was changed', { code: '28P01' }],
    ['a database that can only be read', { code: '25006' }],
    ['what a stream could not begin with', { originalError: raw({ originalCode: '53100' }) }],
    ['plain pg without a connection', { code: 'ECONNREFUSED' }],
    ['plain pg, cut off', new Error('Connection terminated unexpectedly')],
    ['plain pg, without an answer', { cause: new Error('Query read timeout') }],
  ])('of the database itself is an outage, and no bug: %s', (_name, error) => {
    expect(isOutage(error)).toBe(true);
    expect(isContentRefusal(error)).toBe(false);
  });

  it('of what was asked is no outage', () => {
    for (const error of [raw({ originalCode: '23514' }), { code: '42P01' }, { code: 'P2002' }])
      expect(isOutage(error)).toBe(false);
    for (const error of [null, 'text', new Error('57P03'), { code: '5' }])
      expect(isOutage(error)).toBe(false);
  });

  it('of the content is told from one of the connection', () => {
    expect(isContentRefusal(raw({ originalCode: '23514' }))).toBe(true);
    expect(isContentRefusal(raw({ originalCode: '22003' }))).toBe(true);
    expect(isContentRefusal(raw({ originalCode: '57P01' }))).toBe(false);
    for (const error of [null, undefined, 'text', new Error('ECONNREFUSED')])
      expect([isRetryable(error), isUniqueViolation(error), isContentRefusal(error)]).toEqual([
        false,
        false,
        false,
      ]);
  });
});

describe('transaction', () => {
  /** Fails this often with this, then succeeds. */
  const failing = (times: number, error: object) => {
    const counted = { tries: 0 };
    const run = () => {
      counted.tries += 1;
      return counted.tries > times
        ? Promise.resolve('done')
        : Promise.reject(Object.assign(new Error('it failed'), error));
    };
    return { counted, run };
  };

  it('is run again while another one is in its way, at most five times', async () => {
    const twice = failing(2, { code: '40001' });
    expect(await retryTransaction(twice.run)).toBe('done');
    const ever = failing(99, { code: '40P01' });
    await expect(retryTransaction(ever.run)).rejects.toThrow('it failed');
    expect([twice.counted.tries, ever.counted.tries]).toEqual([3, 5]);
  });

  it('is not run again for what a repetition cannot help', async () => {
    const broken = failing(99, { code: '23514' });
    await expect(retryTransaction(broken.run)).rejects.toThrow('it failed');
    expect(broken.counted.tries).toBe(1);
  });
});

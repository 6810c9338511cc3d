import { describe, expect, it } from 'vitest';
import { isContentRefusal, isRetryable, isUniqueViolation } from './database-failure.ts';
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

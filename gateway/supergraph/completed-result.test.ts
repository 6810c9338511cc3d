import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { completedResult } from './completed-result.ts';

describe('a completed result', () => {
  it('is left alone when nothing is wrong with it', () => {
    const result = { data: { a: 1 }, extensions: { b: 2 } };
    expect(completedResult(result)).toBe(result);
  });

  it('has an error for a null that the gateway explains only in an extension', () => {
    const hidden = [
      { message: 'Cannot return null for non-nullable field A.b.', path: ['a', 'b'] },
    ];
    const { errors, ...rest } = completedResult({
      data: null,
      extensions: { valueCompletion: hidden },
    });
    expect(rest).toEqual({ data: null });
    expect(errors?.[0]).toBeInstanceOf(GraphQLError);
    expect(errors?.[0]).toMatchObject({
      path: ['a', 'b'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
  });

  it('has GraphQL errors only, whatever a fetch has thrown', () => {
    const { errors } = completedResult({
      errors: [{ code: 'ECONNREFUSED' } as never, new Error('x') as never],
    });
    expect(errors).toHaveLength(2);
    for (const error of errors ?? []) expect(error).toBeInstanceOf(GraphQLError);
  });
});

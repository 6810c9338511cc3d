import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DomainError, DomainErrorCode } from './domain-error.ts';
import { maskErrors, maskToGraphQLError } from './format-error.ts';

const SECRET = 'connect ECONNREFUSED 10.0.0.7:5432 password=hunter2';

function mask(error: unknown) {
  const reported: unknown[] = [];
  const masked = maskToGraphQLError(error, (cause) => reported.push(cause)).toJSON();
  return { masked, reported };
}

/** As graphql-js wraps what a resolver throws. */
function thrownByResolver(cause: Error): GraphQLError {
  return new GraphQLError(cause.message, { originalError: cause, path: ['viewer', 'orders'] });
}

describe('masking', () => {
  it('hides what a store says and reports it once, with its true cause', () => {
    const cause = new Error(SECRET);
    const { masked, reported } = mask(thrownByResolver(cause));
    expect(JSON.stringify(masked)).not.toContain('10.0.0.7');
    expect(masked).toMatchObject({
      message: 'An internal error occurred.',
      path: ['viewer', 'orders'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    expect(reported).toEqual([cause]);
  });

  it.each([SECRET, { a: 1 }, null, undefined])(
    'hides a thrown %j, which is no error at all',
    (thrown) => {
      const { masked } = mask(thrown);
      expect(masked.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
      expect(masked.message).not.toContain('hunter2');
    },
  );

  it('tells of an effect that is not known if there can be one', () => {
    const { message } = maskToGraphQLError(
      new Error(SECRET),
      () => undefined,
      () => true,
    );
    expect(message).toBe(
      'An internal error occurred; it is not known whether the operation took effect.',
    );
  });

  it.each([
    ['a query', false, 'NOT_APPLIED'],
    ['a command', true, 'UNKNOWN'],
  ])(
    'tells a store that did not respond to %s as such, and reports it',
    (_what, isCommand, outcome) => {
      const cause = Object.assign(new Error(SECRET), { code: 'P1001' });
      const reported: unknown[] = [];
      const masked = maskToGraphQLError(
        thrownByResolver(cause),
        (failure) => reported.push(failure),
        () => isCommand,
      ).toJSON();
      expect(masked).toEqual({
        message: 'A store of the desk did not respond.',
        path: ['viewer', 'orders'],
        extensions: { code: 'UNAVAILABLE', outcome, retryable: true },
      });
      expect(reported).toEqual([cause]);
    },
  );

  it('lets a failure that is meant for the client through with its details, unreported', () => {
    const error = new DomainError(DomainErrorCode.FORBIDDEN, 'Not with this key.', {
      needed: 'trade:write',
    });
    const { masked, reported } = mask(thrownByResolver(error));
    expect(masked).toMatchObject({ message: 'Not with this key.' });
    expect(mask(error).masked.extensions).toEqual({ code: 'FORBIDDEN', needed: 'trade:write' });
    expect(reported).toEqual([]);
  });

  it('lets mistakes in the document through', () => {
    const error = new GraphQLError('Cannot query field "x".', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(mask(error).masked.message).toBe('Cannot query field "x".');
  });

  it('never shows a stack or which service it was', () => {
    const format = maskErrors(() => undefined);
    const extensions = {
      code: 'BAD_USER_INPUT',
      stacktrace: ['at x.ts:1'],
      serviceName: 'account',
    };
    expect(format({ message: 'No.', extensions }, new Error('No.')).extensions).toEqual({
      code: 'BAD_USER_INPUT',
    });
  });

  it('does not believe a failure of ours that calls itself by its own code', () => {
    const error = new GraphQLError(SECRET, { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(mask(error).masked.message).not.toContain('hunter2');
  });
});

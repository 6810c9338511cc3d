import { describe, expect, it } from 'vitest';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import { TooManyPreviewsError } from '../domain/ports/too-many-previews-error.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';
import { orUnavailable } from './unavailable.ts';

describe('an outage', () => {
  it('says whether anything can have been done', async () => {
    const extensionsOf = (cause: Error) =>
      orUnavailable(Promise.reject(cause)).catch(
        (error: unknown) => (error as { extensions?: unknown }).extensions,
      );
    expect(await extensionsOf(new NotOwnerError())).toEqual({
      ...{ code: 'UNAVAILABLE', outcome: 'NOT_APPLIED', retryable: true },
    });
    expect(await extensionsOf(new UnavailableError('gone', null))).toEqual({
      ...{ code: 'UNAVAILABLE', outcome: 'UNKNOWN', retryable: true },
    });
    expect(await extensionsOf(new TooManyPreviewsError(10))).toEqual({
      ...{ code: 'RATE_LIMITED', outcome: 'NOT_APPLIED', retryable: true },
    });
    expect(await extensionsOf(new Error('a bug'))).toBeUndefined();
  });
});

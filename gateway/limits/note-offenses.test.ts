import { expect, it } from 'vitest';
import { rateLimited } from '#shared/graphql/domain-error.ts';
import { STRANGER, userNamed } from '../fixtures/viewers.ts';
import { noteOffense } from './note-offenses.ts';
import { Offenses } from './offenses.ts';
import { tooMuchPlanned } from './planning-time.ts';

const ANNA = userNamed('anna');

it.each([
  ['what is new beyond its time', STRANGER, tooMuchPlanned(100), true],
  ['an invalid document', STRANGER, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }, true],
  ['what its quota does not allow', STRANGER, rateLimited('Wait.'), false],
  ['what is new beyond its time, of a user', ANNA, tooMuchPlanned(100), false],
])(
  'bars the address of whoever sends too much of it only if it is an offense: %s',
  (_what, viewer, error, isBarred) => {
    const offenses = new Offenses({ now: () => 0 }, 2);
    const origin = { address: '192.0.2.1', userAgent: null };
    for (let count = 0; count < 3; count += 1) noteOffense(offenses, { viewer, origin }, [error]);
    expect(offenses.barredForMs(origin.address) > 0).toBe(isBarred);
  },
);

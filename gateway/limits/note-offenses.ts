import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { GatewayContext } from '../gateway-context.ts';
import type { Offenses } from './offenses.ts';
import { TOO_MUCH_PLANNED } from './planning-time.ts';
import type { RequestStep } from '../http/request-step.ts';

const OFFENSES: ReadonlySet<unknown> = new Set([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
]);

/** A refusal, with its code and reason if it has them. */
interface Refused {
  readonly extensions?: { readonly code?: unknown; readonly reason?: unknown } | undefined;
}

/**
 * Counts invalid documents of strangers; a signed-in user has a quota instead. New ones
 * count too once too many of theirs were read: whoever goes on sending them is barred.
 */
export function noteOffenses(offenses: Offenses): RequestStep {
  return {
    didEncounterErrors: ({ errors, contextValue }) => {
      noteOffense(offenses, contextValue, errors);
    },
  };
}

/** Counts a refusal if it is an offense. */
export function noteOffense(
  offenses: Offenses,
  { viewer, origin }: Pick<GatewayContext, 'viewer' | 'origin'>,
  errors: readonly Refused[],
): void {
  if (viewer.kind !== 'anonymous' || origin === null) return;
  if (errors.some(isOffense)) offenses.note(origin.address);
}

function isOffense({ extensions: { code, reason } = {} }: Refused): boolean {
  return OFFENSES.has(code) || reason === TOO_MUCH_PLANNED;
}

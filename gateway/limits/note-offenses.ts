import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { GatewayContext } from '../gateway-context.ts';
import type { Offenses } from './offenses.ts';
import type { RequestStep } from '../http/request-step.ts';

const OFFENSES: ReadonlySet<unknown> = new Set([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
]);

/** A refusal, with its code if it has one. */
interface Refused {
  readonly extensions?: { readonly code?: unknown } | undefined;
}

/** Counts invalid documents of strangers; a signed-in user has a quota instead. */
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
  if (errors.some(({ extensions }) => OFFENSES.has(extensions?.code)))
    offenses.note(origin.address);
}

import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { GatewayContext } from '../gateway-context.ts';
import type { Offences } from './offences.ts';
import type { RequestStep } from '../http/request-step.ts';

const OFFENCES: ReadonlySet<unknown> = new Set([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
]);

/** Something that was refused, as far as it says why. */
interface Refused {
  readonly extensions?: { readonly code?: unknown } | undefined;
}

/** Counts documents of strangers that are not valid; whoever signed in has a name, and a quota. */
export function noteOffences(offences: Offences): RequestStep {
  return {
    didEncounterErrors: ({ errors, contextValue }) => {
      noteOffence(offences, contextValue, errors);
    },
  };
}

/** Counts what was refused, where that is an offence. */
export function noteOffence(
  offences: Offences,
  { viewer, origin }: Pick<GatewayContext, 'viewer' | 'origin'>,
  errors: readonly Refused[],
): void {
  if (viewer.kind !== 'anonymous' || origin === null) return;
  if (errors.some(({ extensions }) => OFFENCES.has(extensions?.code)))
    offences.note(origin.address);
}

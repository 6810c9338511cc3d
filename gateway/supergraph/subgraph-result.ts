import type { GraphQLDataSource } from '@apollo/gateway';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { SubgraphAnswer } from '#shared/subgraph/subgraph-answer.ts';

/** What a data source gives to a plan. */
export type StepResult = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** These mean that our own request to a subgraph was wrong: our bug, not the client's. */
const OUR_FAULTS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

interface SubgraphError {
  readonly extensions?: { readonly code?: unknown; readonly outcome?: unknown };
}

/**
 * The result of a step of a plan, as a client may be told of it.
 * @param isRest whether it is what was still to be read once a command was sent
 */
export function resultOf(answer: SubgraphAnswer, isRest: boolean): StepResult {
  if (!Array.isArray(answer.errors)) return answer as StepResult;
  const errors = (answer.errors as readonly SubgraphError[]).map((error) => {
    const told = withoutOurFaults(error);
    return isRest && told.extensions?.outcome === 'NOT_APPLIED' ? withUnknownOutcome(told) : told;
  });
  const told: object = { ...answer, errors };
  return told;
}

function withoutOurFaults(error: SubgraphError): SubgraphError {
  if (!OUR_FAULTS.has(error.extensions?.code)) return error;
  const code = DomainErrorCode.INTERNAL_SERVER_ERROR;
  return { ...error, extensions: { ...error.extensions, code } };
}

/** Nothing was done by this question, but by the command before it. */
function withUnknownOutcome(error: SubgraphError): SubgraphError {
  return { ...error, extensions: { ...error.extensions, outcome: 'UNKNOWN' } };
}

import { randomUUID } from 'node:crypto';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { maskToGraphQLError, type ReportMasked } from '#shared/graphql/format-error.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { traced, untraced } from '#shared/tracing/tracing.ts';
import { executeQueryPlan } from '../supergraph/apollo-packages.ts';
import { completedResult } from '../supergraph/completed-result.ts';
import type { Variables } from './normalized-subscription.ts';
import type { SourceEvent } from './source-event-stream.ts';
import type { EventContext, SubscriptionPlan } from './subscription-plan.ts';
import { ConcurrencyLimits } from './concurrency-limits.ts';

/**
 * So many events of one principal are completed by other subgraphs at once. A stream is paid for when it
 * is opened, however many events follow: those of one client must not hold what queries need.
 */
export const FETCHED_AT_ONCE = 4;

/** Who an event is made into a result for. */
export interface Recipient {
  readonly plan: SubscriptionPlan;
  readonly variables: Variables;
  /** Who other subgraphs are asked for. */
  readonly viewer: Viewer;
  /** Whose turn it is to ask other subgraphs. */
  readonly principal: string;
}

/** Makes an event of the owning subgraph into the result that the subscription asked for. */
export type HydrateEvent = (
  recipient: Recipient,
  event: SourceEvent,
) => Promise<FormattedExecutionResult>;

/**
 * Runs a subscription's plan over an event: shapes it, and asks other subgraphs for their fields,
 * within the deadline of a query; what does not arrive in time is null with an error.
 */
export function createHydrateEvent(logger: Logger, report: ReportMasked): HydrateEvent {
  const limits = new ConcurrencyLimits(FETCHED_AT_ONCE);
  const complete = async ({ plan, variables, viewer }: Recipient, event: SourceEvent) => {
    const { graph, subscription } = plan;
    const context: EventContext = {
      viewer,
      origin: null,
      requestId: randomUUID(),
      startedAtMs: performance.now(),
      event,
    };
    const request = {
      request: { query: subscription.source, variables },
      document: subscription.document,
      source: subscription.source,
      schema: graph.apiSchema,
      metrics: {}, // the executor writes error paths into it
      context,
      logger,
    };
    const run = () =>
      executeQueryPlan(
        plan.steps,
        plan.services,
        request as never,
        plan.operationContext,
        graph.supergraphSchema,
        graph.plannerSchema,
      );
    const raw = await (plan.hasFetches ? tracedAlone(run) : run());
    const { errors, ...result } = completedResult(raw);
    if (errors === undefined) return result;
    return {
      ...result,
      errors: errors.map((error) => inResponse(maskToGraphQLError(error, report).toJSON())),
    };
  };
  return (recipient, event) =>
    recipient.plan.hasFetches
      ? limits.run(recipient.principal, () => complete(recipient, event))
      : complete(recipient, event);
}

/** What the path of an error can go on with that is no part of the response. */
const INNER = ['@', '_entities'];

/** An error whose path its client knows: Apollo's executor also gives those of its own steps. */
function inResponse({ path, ...error }: GraphQLFormattedError): GraphQLFormattedError {
  if (path === undefined) return error;
  const end = path.findIndex((part) => INNER.includes(String(part)));
  return { ...error, path: end < 0 ? path : path.slice(0, end) };
}

/** As a trace of its own: an event belongs to no request. */
function tracedAlone<Result>(run: () => Promise<Result>): Promise<Result> {
  return untraced(() => traced('gateway event', { 'deskgraph.unit': 'gateway' }, run));
}

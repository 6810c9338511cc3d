import { randomUUID } from 'node:crypto';
import type { FormattedExecutionResult } from 'graphql';
import { maskToGraphQLError, type ReportMasked } from '#shared/graphql/format-error.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { traced, untraced } from '#shared/tracing/tracing.ts';
import type { Variables } from './normalized-subscription.ts';
import type { SourceEvent } from './source-event-stream.ts';
import type { SubscriptionPlan } from './subscription-plan.ts';
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
export function createHydrateEvent(report: ReportMasked): HydrateEvent {
  const limits = new ConcurrencyLimits(FETCHED_AT_ONCE);
  const complete = async ({ plan, variables, viewer }: Recipient, event: SourceEvent) => {
    const startedAtMs = performance.now();
    const context = { viewer, origin: null, requestId: randomUUID(), startedAtMs };
    const { errors, ...result } = await plan.answer({ request: { variables }, context }, event);
    if (errors === undefined) return result;
    const masked = errors.map((error) => maskToGraphQLError(error, report).toJSON());
    return { errors: masked, ...result };
  };
  return (recipient, event) =>
    recipient.plan.hasFetches
      ? limits.run(recipient.principal, () => tracedAlone(() => complete(recipient, event)))
      : complete(recipient, event);
}

/** As a trace of its own: an event belongs to no request. */
function tracedAlone<Result>(run: () => Promise<Result>): Promise<Result> {
  return untraced(() => traced('gateway event', { 'deskgraph.unit': 'gateway' }, run));
}

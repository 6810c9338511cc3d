import { setImmediate } from 'node:timers/promises';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Logger } from '#shared/logging/logger.ts';
import type { WarmPlan } from '../supergraph/execution/create-executor.ts';
import { sha256 } from './operation-manifest.ts';

/** What keeps plans, and the rules for documents. */
export interface PlanKeepers {
  readonly schema: () => GraphQLSchema;
  readonly rules: readonly ValidationRule[];
  /** Plans a query or mutation. */
  readonly planRequest: WarmPlan;
  /** Plans a subscription. */
  readonly planSubscription: (payload: SubscribePayload) => void;
  readonly logger: Logger;
}

/**
 * Plans registered operations, so that not even the first request of each waits for its plan. One
 * that is not valid against the current schema is logged and skipped. Other work can run between
 * any two.
 */
export async function warmPlans(texts: readonly string[], keepers: PlanKeepers): Promise<void> {
  for (const text of texts) {
    try {
      warm(text, keepers);
    } catch (cause) {
      keepers.logger.error(
        { err: cause, hash: sha256(text) },
        'a registered operation is not executable',
      );
    }
    await setImmediate();
  }
}

function warm(text: string, { schema, rules, planRequest, planSubscription }: PlanKeepers): void {
  const document = parse(text);
  const [error] = validate(schema(), document, [...specifiedRules, ...rules], { maxErrors: 1 });
  if (error !== undefined) throw error;
  for (const [operationName, kind] of namesOf(document))
    if (kind === 'subscription') planSubscription({ query: text, operationName });
    else planRequest(text, document, operationName ?? undefined);
}

/** Every way to name an operation; a single one need not be named. */
function namesOf(document: DocumentNode) {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  return operations.flatMap(({ name, operation }) => [
    ...(name === undefined ? [] : [[name.value, operation] as const]),
    ...(operations.length > 1 ? [] : [[null, operation] as const]),
  ]);
}

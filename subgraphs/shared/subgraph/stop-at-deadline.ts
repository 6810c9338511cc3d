import { type GraphQLFieldResolver, type GraphQLSchema, OperationTypeNode } from 'graphql';
import {
  type DomainError,
  type FailureOutcome,
  unavailable,
} from '#shared/graphql/domain-error.ts';

/** A property of contexts, because Apollo Server hands copies of them to resolvers. */
const DEADLINE = Symbol('deadline');

type Resolver = GraphQLFieldResolver<unknown, Partial<Record<typeof DEADLINE, number>>>;

/**
 * Gives an operation a deadline.
 * @param deadlineAtMs by `performance.now()`; null for none
 */
export function withDeadline<Context extends object>(
  context: Context,
  deadlineAtMs: number | null,
): Context {
  return deadlineAtMs === null ? context : Object.assign(context, { [DEADLINE]: deadlineAtMs });
}

/**
 * Lets the root fields of queries and mutations wait no longer than their operation's deadline, and
 * begins nothing after it, because nobody waits for the answer any more. What was begun continues.
 */
export function stopAtDeadline(schema: GraphQLSchema): void {
  for (const kind of [OperationTypeNode.QUERY, OperationTypeNode.MUTATION]) {
    const unfinished = kind === OperationTypeNode.MUTATION ? 'UNKNOWN' : 'NOT_APPLIED';
    for (const field of Object.values(schema.getRootType(kind)?.getFields() ?? {}))
      if (field.resolve !== undefined) field.resolve = stopping(field.resolve, unfinished);
  }
}

function stopping(resolve: Resolver, unfinished: FailureOutcome): Resolver {
  return (parent, args, context, info) => {
    const deadlineAtMs = context[DEADLINE];
    if (deadlineAtMs === undefined) return resolve(parent, args, context, info);
    const leftMs = deadlineAtMs - performance.now();
    if (leftMs <= 0) throw tooLate('NOT_APPLIED');
    const result = resolve(parent, args, context, info);
    return result instanceof Promise ? inTime(result, deadlineAtMs, unfinished) : result;
  };
}

function inTime(
  work: Promise<unknown>,
  deadlineAtMs: number,
  unfinished: FailureOutcome,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    // A timer can fire a moment early, and the next step would find that moment left to begin in.
    const look = () => {
      const leftMs = deadlineAtMs - performance.now();
      if (leftMs <= 0) reject(tooLate(unfinished));
      else timer = setTimeout(look, Math.ceil(leftMs));
    };
    look();
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function tooLate(outcome: FailureOutcome): DomainError {
  return unavailable(outcome, 'There was no response in time.');
}

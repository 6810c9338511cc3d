import { GroupCommit } from '#shared/store/group-commit.ts';

/**
 * One call at a time for many callers: those who arrive during a call share the next one. An idle
 * caller pays for one call, a busy hour for few.
 * @param send answers in the order of its requests, or fails them all
 * @param options.limit the most requests of one call
 * @param options.mayIsolate whether `send` failed because of one request's content and nothing took effect: then each
 *   request is sent again alone
 */
export function groupCall<Request, Answer>(
  send: (requests: readonly Request[]) => Promise<readonly Answer[]>,
  options: { readonly limit: number; readonly mayIsolate?: (cause: unknown) => boolean },
): GroupCommit<Request, Answer> {
  return new GroupCommit({
    commit: async (requests) =>
      (await send(requests)).map((result) => ({ kind: 'done', result }) as const),
    weigh: () => 1,
    limit: options.limit,
    mayIsolate: options.mayIsolate ?? (() => false),
    // Everything that one read of the sockets brought, or that one answer released, is sent together.
    gather: () => new Promise((resolve) => setImmediate(resolve)),
  });
}

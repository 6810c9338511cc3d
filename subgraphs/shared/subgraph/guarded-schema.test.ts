import { type ExecutionResult, parse, subscribe } from 'graphql';
import { deny } from '#shared/graphql/shield.ts';
import { describe, expect, it } from 'vitest';
import { needs } from '#shared/graphql/permissions.ts';
import type { Scope } from '#shared/identity/viewer.ts';
import { buildGuardedSchema } from './guarded-schema.ts';

/** A subscription field with both functions, counting how often its source was opened. */
function guardedSubscription() {
  let opened = 0;
  const schema = buildGuardedSchema({
    typeDefs: 'type Query { never: Int } type Subscription { ticked: Int! }',
    permissions: { Query: { never: deny }, Subscription: { ticked: needs('READ_MARKET') } },
    resolvers: {
      Subscription: {
        ticked: {
          subscribe: async function* () {
            opened += 1;
            yield await Promise.resolve(20);
          },
          resolve: (payload: number) => payload + 1,
        },
      },
    },
  });
  const open = (scopes: readonly Scope[]) =>
    subscribe({
      schema,
      document: parse('subscription { ticked }'),
      contextValue: { viewer: { kind: 'anonymous', scopes } },
    });
  return { open, opened: () => opened };
}

describe('guarded schema', () => {
  it('asks for the right to a subscription before its source is opened', async () => {
    const { open, opened } = guardedSubscription();
    const refused = (await open([])) as ExecutionResult;
    expect(refused.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(opened()).toBe(0);
  });

  it('keeps the resolve function of a subscription field', async () => {
    const { open } = guardedSubscription();
    const events = (await open(['market:read'])) as AsyncGenerator<ExecutionResult>;
    expect((await events.next()).value).toEqual({ data: { ticked: 21 } });
    await events.return(undefined);
  });
});

import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { allow, applyMiddleware, deny, shield } from '#shared/graphql/shield.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { refuseUnstorableText } from './refuse-unstorable-text.ts';
import { stopAtDeadline } from './stop-at-deadline.ts';

/** graphql-shield's rule tree: a rule for each type, or for each field of a type. */
export type Permissions = Exclude<Parameters<typeof shield>[0], undefined>;

/** A subgraph's schema as its three parts. */
export interface SubgraphSchema {
  readonly typeDefs: string;
  readonly resolvers: object;
  /** A rule for every field, by type; a field without one is denied. */
  readonly permissions: Permissions;
}

/**
 * The executable schema with graphql-shield around it: denied unless a rule allows it. Fields whose
 * rule is a plain `allow` get their own resolver back, so that a hot stream pays nothing. Texts
 * that no store can hold are refused before any resolver. Root fields wait no longer than their
 * operation's deadline. It keeps no state of a server, so all servers of a process can share it.
 */
export function buildGuardedSchema(parts: SubgraphSchema): GraphQLSchema {
  const open = buildSubgraphSchema({
    typeDefs: parse(parts.typeDefs),
    resolvers: parts.resolvers as GraphQLResolverMap<unknown>,
  });
  const original = resolversOf(open);
  // With a `resolve` of its own a subscription field would be guarded there, once per event, and
  // its `subscribe` not at all.
  for (const field of subscriptionFields(open)) delete field.resolve;
  const guarded = applyMiddleware(
    open,
    shield(parts.permissions, {
      fallbackRule: deny,
      fallbackError: () =>
        new DomainError(DomainErrorCode.FORBIDDEN, 'This credential does not permit that.'),
      // Our own masking follows; without this every refusal would read "Not Authorized!".
      allowExternalErrors: true,
    }),
  );
  unwrapAllowed(guarded, parts.permissions, original);
  for (const field of subscriptionFields(guarded)) {
    const resolve = original.get(`Subscription.${field.name}`);
    if (resolve !== undefined) field.resolve = resolve;
  }
  refuseUnstorableText(guarded);
  stopAtDeadline(guarded);
  return guarded;
}

function subscriptionFields(schema: GraphQLSchema) {
  return Object.values(schema.getSubscriptionType()?.getFields() ?? {});
}

type Resolver = GraphQLFieldResolver<unknown, unknown> | undefined;

function resolversOf(schema: GraphQLSchema): ReadonlyMap<string, Resolver> {
  return new Map(
    Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields()).map((field): [string, Resolver] => [
            `${type.name}.${field.name}`,
            field.resolve,
          ])
        : [],
    ),
  );
}

function unwrapAllowed(
  guarded: GraphQLSchema,
  permissions: Permissions,
  original: ReadonlyMap<string, Resolver>,
): void {
  for (const [typeName, rules] of Object.entries(permissions)) {
    const type = guarded.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = rules === allow ? allow : (rules as Record<string, unknown>)[field.name];
      const resolve = original.get(`${typeName}.${field.name}`);
      if (rule !== allow) continue;
      if (resolve === undefined) delete field.resolve;
      else field.resolve = resolve;
    }
  }
}

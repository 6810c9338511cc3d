// Whether every field that a client can ask for has a rule in the subgraph that answers it, and the
// same in its schema.
import {
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { allow } from '#shared/graphql/shield.ts';
import { PERMISSIONS } from '#shared/identity/permission.ts';
import type { Permissions } from '#shared/subgraph/guarded-schema.ts';
import { permissions as account } from '../../subgraphs/account/permissions.ts';
import { resolvers as accountResolvers } from '../../subgraphs/account/resolvers/index.ts';
import { permissions as marketData } from '../../subgraphs/market-data/permissions.ts';
import { resolvers as marketDataResolvers } from '../../subgraphs/market-data/resolvers/index.ts';
import { permissions as order } from '../../subgraphs/order/permissions.ts';
import { resolvers as orderResolvers } from '../../subgraphs/order/resolvers/index.ts';
import { readText } from '../../tools/style/test-sources.ts';

const SUBGRAPHS: Readonly<
  Record<
    string,
    { readonly folder: string; readonly rules: Permissions; readonly resolvers: object }
  >
> = {
  ACCOUNT: { folder: 'account', rules: account, resolvers: accountResolvers },
  MARKET_DATA: { folder: 'market-data', rules: marketData, resolvers: marketDataResolvers },
  ORDER: { folder: 'order', rules: order, resolvers: orderResolvers },
};
/** What those may ask for who have shown nothing, not even the scope that all are given. */
const OPEN_TO_ALL = [
  'Mutation.refreshSession',
  'Mutation.signIn',
  'Mutation.signInWithToken',
  'Mutation.signUp',
];

const types = parse(readText('gateway/supergraph.graphql')).definitions.filter(
  (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION,
);

/** The values of `graph` in the directives of this name; internal ones are left out. */
function graphsOf(
  { directives = [] }: FieldDefinitionNode | ObjectTypeDefinitionNode,
  name: string,
) {
  return directives
    .filter((directive) => directive.name.value === name)
    .flatMap(({ arguments: args = [] }) => args)
    .filter((argument) => argument.name.value === 'graph')
    .map(({ value }) => (value.kind === Kind.ENUM ? value.value : ''));
}

/** Each field of the composed schema with the subgraphs that can answer it. */
const fields = types.flatMap((type) =>
  (type.fields ?? []).map((field) => {
    const own = graphsOf(field, 'join__field');
    const graphs = own.length > 0 ? own : graphsOf(type, 'join__type');
    const isHidden = (field.directives ?? []).some(({ name }) => name.value === 'inaccessible');
    return { type: type.name.value, field: field.name.value, graphs, isHidden };
  }),
);

/** The rule of a field, or of its whole type. */
function ruleOf(rules: Permissions, type: string, field: string): unknown {
  const ofType = (rules as Readonly<Record<string, unknown>>)[type];
  if (ofType === undefined || isRule(ofType)) return ofType;
  return (ofType as Readonly<Record<string, unknown>>)[field];
}

function resolverOf(resolvers: object = {}, type: string, field: string): unknown {
  const byType = resolvers as Readonly<
    Record<string, Readonly<Record<string, unknown>> | undefined>
  >;
  return byType[type]?.[field];
}

/** A rule of graphql-shield, and not a record of them. */
function isRule(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'resolve' in value;
}

describe('every field of the composed schema', () => {
  it('has a rule in each subgraph that can answer it', () => {
    expect(fields.length).toBeGreaterThan(300);
    const without = fields.flatMap(({ type, field, graphs }) =>
      graphs
        .filter((graph) => !isRule(ruleOf(SUBGRAPHS[graph]?.rules ?? {}, type, field)))
        .map((graph) => `${type}.${field} in ${graph}`),
    );
    expect(without).toEqual([]);
  });

  it('that is a way in needs a credential or a scope, but for signing in', () => {
    const ways = fields.filter(({ type }) => ['Query', 'Mutation', 'Subscription'].includes(type));
    const open = ways.filter(({ type, field, graphs }) =>
      graphs.some((graph) => ruleOf(SUBGRAPHS[graph]?.rules ?? {}, type, field) === allow),
    );
    expect(open.map(({ type, field }) => `${type}.${field}`).sort()).toEqual(OPEN_TO_ALL);
  });

  it('that is a way in has a resolver of its own in each subgraph that can answer it', () => {
    const ways = fields.filter(({ type }) => ['Query', 'Mutation', 'Subscription'].includes(type));
    const without = ways.flatMap(({ type, field, graphs }) =>
      graphs
        .filter((graph) => resolverOf(SUBGRAPHS[graph]?.resolvers, type, field) === undefined)
        .map((graph) => `${type}.${field} in ${graph}`),
    );
    expect(without).toEqual([]);
  });
});

/** What a rule of graphql-shield is in the schema. */
function directiveOf(rule: unknown): string {
  const { name = '' } = rule as { readonly name?: string };
  if (name === 'is a trader') return '@authenticated';
  const permission = /^needs (\w+)$/.exec(name)?.[1] as keyof typeof PERMISSIONS | undefined;
  return permission === undefined
    ? ''
    : `@requiresScopes(scopes: [["${PERMISSIONS[permission].scope}"]])`;
}

describe('the rule of a field', () => {
  it('is the one that its schema shows, which the gateway goes by', () => {
    const shown = types.flatMap((type) =>
      (type.fields ?? []).flatMap(({ name, directives = [] }) =>
        directives
          .filter((directive) => /^(authenticated|requiresScopes)$/.test(directive.name.value))
          .map((directive) => `${type.name.value}.${name.value} ${print(directive)}`),
      ),
    );
    // No client can ask for a hidden one: its subgraph alone has a rule.
    const askable = fields.filter(({ isHidden }) => !isHidden);
    const ruled = askable.flatMap(({ type, field, graphs }) =>
      graphs
        .map((graph) => directiveOf(ruleOf(SUBGRAPHS[graph]?.rules ?? {}, type, field)))
        .filter((directive) => directive !== '')
        .map((directive) => `${type}.${field} ${directive}`),
    );
    expect(shown.length).toBeGreaterThan(40);
    expect(shown.sort()).toEqual(ruled.sort());
  });
});

describe.each(Object.values(SUBGRAPHS))('the rules of $folder', ({ folder, rules }) => {
  const defined = new Map(
    parse(readText(`subgraphs/${folder}/schema.graphql`)).definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION
        ? [[node.name.value, (node.fields ?? []).map(({ name }) => name.value)] as const]
        : [],
    ),
  );

  it('are about types and fields that there are', () => {
    const stale = Object.entries(rules as Readonly<Record<string, object>>).flatMap(
      ([type, ofType]) => {
        const known = defined.get(type);
        if (known === undefined) return [type];
        const named = isRule(ofType) ? [] : Object.keys(ofType);
        return named
          .filter((field) => !known.includes(field) && !/^_(entities|service)$/.test(field))
          .map((field) => `${type}.${field}`);
      },
    );
    expect(stale).toEqual([]);
  });
});

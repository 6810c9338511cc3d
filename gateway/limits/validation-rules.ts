import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  type ASTNode,
  type ASTVisitor,
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLField,
  isLeafType,
  isListType,
  Kind,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { limitPerOperation } from './limit-per-operation.ts';
import { ADDED_UP, hasSize } from './operation-cost.ts';
import { shapeCostRule } from './shape-cost-rule.ts';

/** A document with more lexical tokens than this is not even parsed. */
export const MAX_TOKENS = 1000;
/** Validation stops here; one more entry says so. */
export const MAX_VALIDATION_ERRORS = 3;

const MAX_DEPTH = 12;
const MAX_ALIASES = 15;
/** Of all aliases together: each item of a list brings them again. */
const MAX_ALIAS_CHARACTERS = 1000;
const MAX_DIRECTIVES = 50;
const MAX_FIELDS = 300;
/** Of the document's shape, without page sizes. */
const MAX_COST = 10_000;

/**
 * What a document must satisfy besides the specification, in this order, before anything is
 * planned. The one list for HTTP and sockets: a limit on one transport alone is no limit.
 */
export function validationRules(options: {
  readonly introspection: boolean;
}): readonly ValidationRule[] {
  return [
    ...(options.introspection ? [] : [NoIntrospectionRule]),
    maxDepthRule({ n: MAX_DEPTH, flattenFragments: true, ...refusing('The query is too deep.') }),
    maxAliasesRule({
      n: MAX_ALIASES,
      allowList: [],
      ...refusing('The query has too many aliases.'),
    }),
    limitPerOperation({
      limit: MAX_ALIAS_CHARACTERS,
      message: 'The aliases of the query are too long.',
      countSelection: (selection) =>
        selection.kind === Kind.FIELD ? (selection.alias?.value.length ?? 0) : 0,
    }),
    limitPerOperation({
      limit: MAX_DIRECTIVES,
      message: 'The query has too many directives.',
      countOperation: ({ directives, variableDefinitions }) =>
        count(directives) +
        (variableDefinitions ?? []).reduce((sum, { directives: own }) => sum + count(own), 0),
      countSelection: ({ directives }) => count(directives),
    }),
    limitPerOperation({
      limit: MAX_FIELDS,
      message: 'The query has too many fields.',
      countSelection: ({ kind }) => (kind === Kind.FIELD ? 1 : 0),
    }),
    shapeCostRule({
      maxCost: MAX_COST,
      flattenFragments: true,
      ...refusing('The query is too complex.'),
    }),
    NoReservedNameRule,
    PlainSubscriptionRule,
    NothingLargeRule,
    ListsOnceRule,
  ];
}

/**
 * graphql-armor's rules throw by themselves and disclose the limit: here they report and do not.
 * They ignore what is below `__schema`, which graphql-js's own rules bound.
 */
function refusing(message: string) {
  return {
    propagateOnRejection: false,
    exposeLimits: false,
    onReject: [
      (context: ValidationContext | null) => void context?.reportError(new GraphQLError(message)),
    ],
  };
}

function count(list: readonly unknown[] | undefined): number {
  return list?.length ?? 0;
}

/** Refuses `__schema` and `__type`, with the code that Apollo Server uses too. */
function NoIntrospectionRule(context: ValidationContext): ASTVisitor {
  return {
    Field: (node) => {
      if (node.name.value !== '__schema' && node.name.value !== '__type') return;
      context.reportError(
        new GraphQLError('Introspection is disabled.', {
          nodes: node,
          extensions: { validationErrorCode: 'INTROSPECTION_DISABLED' },
        }),
      );
    },
  };
}

/** The gateway puts names with this beginning into subscriptions. */
const OWN_PREFIX = 'deskgraph_';

/**
 * What subgraphs need of each other's objects, by type: the key of one that several of them know, and what their fields
 * require. The planner takes whatever a client calls so for it, or gives the client that in place of what was asked.
 */
export const REQUIRED_NAMES: Readonly<Record<string, readonly string[]>> = {
  Account: ['id', 'balancesToValue'],
  AccountHistoryPoint: ['accountId', 'at', 'balancesToValue'],
  Asset: ['code'],
  Instrument: ['symbol', 'markPrice'],
  Order: ['id'],
  Position: ['instrument'],
};

/**
 * The planner uses the variable `representations` and the field `__typename` itself: a client's own
 * ones break entity fetches, or are taken for the planner's. Other aliases that begin with `__` are
 * allowed, because Relay sends some.
 */
function NoReservedNameRule(context: ValidationContext): ASTVisitor {
  return {
    Field: (node) => {
      const alias = node.alias?.value;
      if (alias === undefined || alias === node.name.value) return;
      const required = REQUIRED_NAMES[context.getParentType()?.name ?? ''] ?? [];
      if (alias === '__typename' || alias.startsWith(OWN_PREFIX) || required.includes(alias))
        context.reportError(new GraphQLError(`The alias "${alias}" is reserved.`, { nodes: node }));
    },
    VariableDefinition: (node) => {
      const name = node.variable.name.value;
      if (name === 'representations' || name.startsWith(OWN_PREFIX))
        context.reportError(
          new GraphQLError(`The variable name "${name}" is reserved.`, { nodes: node }),
        );
    },
  };
}

/**
 * A subscription has one root field, without a condition: the planner fails on a condition, and the
 * hub replaces arguments of that field.
 */
function PlainSubscriptionRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (operation) => {
      if (operation.operation !== 'subscription') return;
      const { selections } = operation.selectionSet;
      const [root] = selections;
      if (selections.length !== 1 || root?.kind !== Kind.FIELD)
        context.reportError(
          new GraphQLError(
            'A subscription must select exactly one root field, once and outside any fragment.',
            {
              nodes: operation,
            },
          ),
        );
      if (selections.some(({ directives }) => count(directives) > 0))
        context.reportError(
          new GraphQLError('The root field of a subscription cannot have directives.', {
            nodes: operation,
          }),
        );
    },
  };
}

/** A field that is selected, and its coordinate. */
interface StreamField {
  readonly parent: GraphQLCompositeType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly name: string;
}

/** The subscriptions of a document, each with the fragments that it uses. */
function streamsOf(context: ValidationContext): readonly (readonly ASTNode[])[] {
  return context
    .getDocument()
    .definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .filter(({ operation }) => operation === 'subscription')
    .map((stream) => [stream, ...context.getRecursivelyReferencedFragments(stream)]);
}

/**
 * Looks at the fields of a document's subscriptions, and of the fragments that they use. Other operations beside them,
 * such as those of an editor's page, are none of a stream's.
 * @param look is given the operation or fragment that a field is in, too
 */
function inStreams(
  context: ValidationContext,
  look: (node: FieldNode, field: StreamField, part: ASTNode) => void,
): ASTVisitor {
  const parts = new Set(streamsOf(context).flat());
  let part: ASTNode | null = null;
  const enter = (node: ASTNode) => {
    part = node;
    return parts.has(node) ? undefined : false;
  };
  return {
    OperationDefinition: enter,
    FragmentDefinition: enter,
    Field: (node) => {
      const [parent, field] = [context.getParentType(), context.getFieldDef()];
      if (field && parent && part)
        look(node, { parent, field, name: `${parent.name}.${field.name}` }, part);
    },
  };
}

/**
 * A stream selects each list under one name: one of its events can hold thousands of open orders,
 * and would hold all of them once for each name.
 */
function ListsOnceRule(context: ValidationContext): ASTVisitor {
  const selected = new Map<ASTNode, { readonly list: string; readonly node: FieldNode }[]>();
  const visitor = inStreams(context, (node, { field: { type }, name: list }, part) => {
    if (!isListType(getNullableType(type)) || isLeafType(getNamedType(type))) return;
    const known = selected.get(part) ?? [];
    known.push({ list, node });
    selected.set(part, known);
  });
  const check = (parts: readonly ASTNode[]) => {
    const names = new Map<string, string>();
    for (const { list, node } of parts.flatMap((part) => selected.get(part) ?? [])) {
      const name = node.alias?.value ?? node.name.value;
      if ((names.get(list) ?? name) !== name)
        context.reportError(
          new GraphQLError(`A subscription can select ${list} under one name only.`, {
            nodes: node,
          }),
        );
      names.set(list, name);
    }
  };
  return { ...visitor, Document: { leave: () => streamsOf(context).forEach(check) } };
}

/**
 * A stream is charged once, but delivers its selection with every event: so it selects no page, no
 * book besides the stream's own, and nothing that a store adds up.
 */
function NothingLargeRule(context: ValidationContext): ASTVisitor {
  const root = context.getSchema().getSubscriptionType();
  return inStreams(context, (node, { parent, field, name }) => {
    if (parent === root || !(Object.hasOwn(ADDED_UP, name) || hasSize(field))) return;
    context.reportError(new GraphQLError(`A subscription cannot select ${name}.`, { nodes: node }));
  });
}

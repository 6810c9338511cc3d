import {
  type DocumentNode,
  type FieldNode,
  getArgumentValues,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  print,
  separateOperations,
  visit,
} from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import { ofArguments, withArgumentVariables } from './argument-variables.ts';
import { policyOf, type StreamPolicy, withSharedRate } from './stream-policy.ts';
import { positionSelections } from './stream-position.ts';

/** A longer list is not split: the subgraph refuses it, and says why. */
const MAX_ENTRIES = 50;

/** The variables of one operation, coerced, with defaults filled in. */
export type Variables = Readonly<Record<string, unknown>>;

/** A subscription's document in a form in which equal ones are equal. */
export interface NormalizedSubscription {
  /** One anonymous operation and the fragments it uses: they shape the answer. */
  readonly document: DocumentNode;
  /** `document` as text. */
  readonly source: string;
  /**
   * The same, but always with the type of an event and its place in the stream: this is planned.
   */
  readonly planned: DocumentNode;
  readonly policy: StreamPolicy;
  /** The name of the root field in the answer. */
  readonly responseName: string;
  /** The arguments of the root field, from the variables of one stream. */
  readonly argumentsOf: (variables: Variables) => Variables;
  /** The variables of each stream it consists of: one stream, or one for each entry of a list. */
  readonly variablesOfStreams: (variables: Variables) => readonly Variables[];
}

/**
 * Makes an anonymous copy, since a name would become part of the subgraph's operation and prevent
 * sharing.
 * @param document valid against the schema
 * @throws GraphQLError if it holds no such subscription
 */
export function normalizeSubscription(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): NormalizedSubscription {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription')
    throw new GraphQLError('The document contains no such subscription.', {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
    });
  const separated = separateOperations(document)[operation.name?.value ?? ''];
  invariant(separated, 'an operation of a document can be separated from the others');
  const anonymous: DocumentNode = visit(separated, {
    OperationDefinition: ({ name: _name, ...node }) => node,
  });
  const root = rootFieldOf(anonymous);
  const policy = policyOf(root.name.value);
  const normalized = byArguments(schema, policy, anonymous);
  return {
    ...normalized,
    source: print(normalized.document),
    planned: withPosition(schema, normalized.document),
    policy,
    responseName: root.alias?.value ?? root.name.value,
  };
}

function byArguments(
  schema: GraphQLSchema,
  policy: StreamPolicy,
  document: DocumentNode,
): Pick<NormalizedSubscription, 'document' | 'argumentsOf' | 'variablesOfStreams'> {
  const root = rootFieldOf(document);
  const field = schema.getSubscriptionType()?.getFields()[root.name.value];
  invariant(field, 'a valid subscription has a field of the schema');
  // Not those that it leaves out: a subgraph that is older than the schema does not know new ones.
  const names = new Set(root.arguments?.map(({ name }) => name.value));
  const args = field.args.filter(({ name }) => names.has(name));
  const rewritten = withArgumentVariables(document, root, args);
  const rewrittenRoot = rootFieldOf(rewritten);
  const kept = declaredIn(rewritten);
  return {
    document: rewritten,
    argumentsOf: (variables) => getArgumentValues(field, rewrittenRoot, variables),
    variablesOfStreams: (variables) => {
      const others = Object.entries(variables).filter(([name]) => kept.has(name));
      const values = Object.entries(getArgumentValues(field, root, variables));
      const given = Object.fromEntries(values.filter(([name]) => names.has(name)));
      return eachEntry(policy, withSharedRate(given)).map((each) => ({
        ...Object.fromEntries(others),
        ...ofArguments(each),
      }));
    },
  };
}

/** The arguments of each stream: of one, or of one for each entry of a list. */
function eachEntry(policy: StreamPolicy, args: Variables): readonly Variables[] {
  const listName = policy.kind === 'states' ? policy.listArgument : undefined;
  if (listName === undefined) return [args];
  const entries = [...new Set(args[listName] as readonly string[])];
  const isSplit = entries.length > 0 && entries.length <= MAX_ENTRIES;
  const lists = isSplit ? entries.map((entry) => [entry]) : [entries];
  return lists.map((list) => ({ ...args, [listName]: list }));
}

/** The one root field, which is there directly: validation has checked that. */
function rootFieldOf(document: DocumentNode): FieldNode {
  const [root] = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
  );
  invariant(root?.kind === Kind.FIELD, 'a valid subscription has a root field');
  return root;
}

function withPosition(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const root = rootFieldOf(document);
  const added = positionSelections(schema, root);
  return visit(document, {
    Field: (node) =>
      node === root && node.selectionSet !== undefined
        ? {
            ...node,
            selectionSet: {
              ...node.selectionSet,
              selections: [...added, ...node.selectionSet.selections],
            },
          }
        : undefined,
  });
}

function declaredIn(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, { VariableDefinition: ({ variable }) => void names.add(variable.name.value) });
  return names;
}

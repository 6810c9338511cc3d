import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  Kind,
  type OperationDefinitionNode,
  parseType,
  type VariableDefinitionNode,
  type VariableNode,
  visit,
} from 'graphql';

/** What our names begin with; clients cannot use such names. */
const PREFIX = 'deskgraph_';

/**
 * Puts a variable of our own in place of each argument, literal or variable, and drops the variables
 * that are no longer used: differently written documents become one text.
 * @param args that the field has in the document, in the order of the schema
 */
export function withArgumentVariables(
  document: DocumentNode,
  field: FieldNode,
  args: readonly GraphQLArgument[],
): DocumentNode {
  const replaced: DocumentNode = visit(document, {
    Field: (node) => (node === field ? { ...node, arguments: args.map(argumentOf) } : undefined),
  });
  const used = usedVariables(replaced);
  return visit(replaced, {
    OperationDefinition: (operation): OperationDefinitionNode => ({
      ...operation,
      variableDefinitions: [
        ...args.map(definitionOf),
        ...(operation.variableDefinitions ?? []).filter(({ variable }) =>
          used.has(variable.name.value),
        ),
      ],
    }),
  });
}

/** The values of those variables. @param args of the field, by their names */
export function ofArguments(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [PREFIX + name, value]));
}

function argumentOf(argument: GraphQLArgument): ArgumentNode {
  const name = { kind: Kind.NAME, value: argument.name } as const;
  return { kind: Kind.ARGUMENT, name, value: variableOf(argument) };
}

function definitionOf(argument: GraphQLArgument): VariableDefinitionNode {
  const type = parseType(String(argument.type), { noLocation: true });
  return { kind: Kind.VARIABLE_DEFINITION, variable: variableOf(argument), type };
}

function variableOf({ name }: GraphQLArgument): VariableNode {
  return { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: PREFIX + name } };
}

function usedVariables(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return used;
}

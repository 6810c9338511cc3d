import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  Kind,
  type OperationDefinitionNode,
  parseType,
  visit,
} from 'graphql';

/** The variable that stands for one entry of a split list; clients cannot use the name. */
export const ENTRY_VARIABLE = 'deskgraph_entry';

const VARIABLE = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: ENTRY_VARIABLE } } as const;

/**
 * Puts one variable in place of an argument's value, literal or variable, and drops the variables
 * that are no longer used: differently written documents become one text.
 */
export function withEntryVariable(
  document: DocumentNode,
  field: FieldNode,
  argument: GraphQLArgument,
): DocumentNode {
  const entry: ArgumentNode = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: argument.name },
    value: VARIABLE,
  };
  const others = (field.arguments ?? []).filter(({ name }) => name.value !== argument.name);
  const replaced: DocumentNode = visit(document, {
    Field: (node) => (node === field ? { ...node, arguments: [entry, ...others] } : undefined),
  });
  const used = usedVariables(replaced);
  return visit(replaced, {
    OperationDefinition: (operation): OperationDefinitionNode => ({
      ...operation,
      variableDefinitions: [
        {
          kind: Kind.VARIABLE_DEFINITION,
          variable: VARIABLE,
          type: parseType(String(argument.type), { noLocation: true }),
        },
        ...(operation.variableDefinitions ?? []).filter(({ variable }) =>
          used.has(variable.name.value),
        ),
      ],
    }),
  });
}

function usedVariables(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return used;
}

import { type ConstValueNode, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';

/** Values of an operation's variables as the client sent them; nothing has checked them yet. */
export type GivenVariables = Readonly<Record<string, unknown>> | null | undefined;

/** A value for each variable that an operation declares and that has one. */
export type GivenValues = Record<string, unknown>;

/** An operation's variables: as sent, otherwise by default; a null that was sent stays null. */
export function valuesOfVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: GivenVariables,
): GivenValues {
  const given = variables ?? {};
  return Object.fromEntries(
    variableDefinitions.map(({ variable: { name }, defaultValue }) => [
      name.value,
      Object.hasOwn(given, name.value) ? given[name.value] : literal(defaultValue),
    ]),
  );
}

function literal(node: ConstValueNode | undefined): unknown {
  return node === undefined ? undefined : valueFromASTUntyped(node);
}

import { type ConstDirectiveNode, valueFromASTUntyped } from 'graphql';

/** The value of a directive's argument; undefined if it is not given. */
export function argumentOf({ arguments: given = [] }: ConstDirectiveNode, name: string): unknown {
  const found = given.find((one) => one.name.value === name);
  return found === undefined ? undefined : valueFromASTUntyped(found.value);
}

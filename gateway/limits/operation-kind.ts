import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { type GivenValues, type GivenVariables, valuesOfVariables } from './given-variables.ts';

/**
 * What a quota may do to an operation. Relief, what takes risk away, is never refused. A command
 * waits for nothing, but needs to be counted; the rest is let through where it cannot be counted.
 */
export type OperationKind = 'relief' | 'command' | 'other';

/** Cancels, and the switch that cancels later. */
export const RELIEF: ReadonlySet<string> = new Set([
  'cancelOrder',
  'cancelOrders',
  'cancelAllOrders',
  'cancelAllAfter',
]);
/** The kill switch: relief when it stops trading, and a command as any other when it lets some come. */
export const SWITCH = 'setTradingState';
/** Mutations without which nobody gets in, or out. */
export const ACCESS: ReadonlySet<string> = new Set([
  'signUp',
  'signIn',
  'signInWithToken',
  'refreshSession',
  'signOut',
  'signOutEverywhere',
  'endSession',
  'revokeApiKey',
]);

/** Tells the kind by the root fields; one field that is a command makes the whole a command. */
export function operationKind(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: GivenVariables,
): OperationKind {
  if (operation.operation !== 'mutation') return 'other';
  const values = valuesOfVariables(operation, variables);
  const kinds = rootFields(document, operation.selectionSet).map((field) => kindOf(field, values));
  if (kinds.every((kind) => kind === 'relief')) return 'relief';
  return kinds.includes('command') ? 'command' : 'other';
}

function kindOf(field: FieldNode, values: GivenValues): OperationKind {
  const name = field.name.value;
  if (RELIEF.has(name) || (name === SWITCH && stopsTrading(field, values))) return 'relief';
  return ACCESS.has(name) ? 'other' : 'command';
}

function stopsTrading({ arguments: given = [] }: FieldNode, values: GivenValues): boolean {
  const input = given.find(({ name }) => name.value === 'input');
  const value: unknown = input && valueFromASTUntyped(input.value, values);
  return (
    (value as { readonly tradingState?: unknown } | null | undefined)?.tradingState === 'HALTED'
  );
}

function rootFields(document: DocumentNode, set: SelectionSetNode): readonly FieldNode[] {
  return set.selections.flatMap((selection) => {
    switch (selection.kind) {
      case Kind.FIELD:
        return [selection];
      case Kind.INLINE_FRAGMENT:
        return rootFields(document, selection.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return document.definitions.flatMap((definition) =>
          definition.kind === Kind.FRAGMENT_DEFINITION &&
          definition.name.value === selection.name.value
            ? rootFields(document, definition.selectionSet)
            : [],
        );
    }
  });
}

import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * What a quota may do to an operation. Relief, what takes risk away, is never refused. A command
 * waits for nothing, but needs to be counted; the rest is let through where it cannot be counted.
 */
export type OperationKind = 'relief' | 'command' | 'other';

/** Cancels and the switches that stop trading. */
export const RELIEF: ReadonlySet<string> = new Set([
  'cancelOrder',
  'cancelOrders',
  'cancelAllOrders',
  'cancelAllAfter',
  'setTradingState',
]);
/** Mutations without which nobody gets in, or out. */
export const ACCESS: ReadonlySet<string> = new Set([
  'signIn',
  'refreshSession',
  'signOut',
  'signOutEverywhere',
  'endSession',
  'revokeApiKey',
]);

/** Tells the kind by the root fields; one field that is a command makes the whole a command. */
export function operationKind(
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): OperationKind {
  if (operation !== 'mutation') return 'other';
  const fields = rootFields(document, selectionSet);
  if (fields.every((name) => RELIEF.has(name))) return 'relief';
  return fields.every((name) => RELIEF.has(name) || ACCESS.has(name)) ? 'other' : 'command';
}

function rootFields(document: DocumentNode, set: SelectionSetNode): readonly string[] {
  return set.selections.flatMap((selection) => {
    switch (selection.kind) {
      case Kind.FIELD:
        return [selection.name.value];
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

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
 * How a quota applies to an operation. Relief, which takes risk away, is never refused. A command
 * must be counted; anything else is let through if it cannot be counted.
 */
export type OperationKind = 'relief' | 'command' | 'other';

/** Cancels, and the switch that cancels later. */
export const RELIEF: ReadonlySet<string> = new Set([
  'cancelOrder',
  'cancelOrders',
  'cancelAllOrders',
  'cancelAllAfter',
]);
/** The kill switch: relief if it stops trading, otherwise a command. */
export const SWITCH = 'setTradingState';
/**
 * Mutations that end a credential, a membership or the offer of one: relief, because a thief who uses it could
 * otherwise keep it by using up the quota of its owner.
 */
export const ENDING: ReadonlySet<string> = new Set([
  'signOut',
  'signOutEverywhere',
  'endSession',
  'revokeApiKey',
  'removeMember',
  'withdrawInvitations',
]);
/** Mutations without which nobody gets in. */
export const ACCESS: ReadonlySet<string> = new Set([
  'signUp',
  'signIn',
  'signInWithToken',
  'refreshSession',
  'changePassword',
]);

/**
 * The kind of an operation by its root fields; one command among them makes all of it a command.
 */
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
  if (RELIEF.has(name) || ENDING.has(name)) return 'relief';
  if (name === SWITCH && stopsTrading(field, values)) return 'relief';
  return ACCESS.has(name) ? 'other' : 'command';
}

function stopsTrading({ arguments: given = [] }: FieldNode, values: GivenValues): boolean {
  const input = given.find(({ name }) => name.value === 'input');
  const value: unknown = input && valueFromASTUntyped(input.value, values);
  return (
    (value as { readonly tradingState?: unknown } | null | undefined)?.tradingState === 'HALTED'
  );
}

/**
 * Each fragment once: a document that nothing has checked yet can spread one in itself, or each of a
 * dozen twice in the one before.
 */
function rootFields(
  document: DocumentNode,
  set: SelectionSetNode,
  walked = new Set<string>(),
): readonly FieldNode[] {
  return set.selections.flatMap((selection) => {
    switch (selection.kind) {
      case Kind.FIELD:
        return [selection];
      case Kind.INLINE_FRAGMENT:
        return rootFields(document, selection.selectionSet, walked);
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        if (walked.has(name)) return [];
        walked.add(name);
        return document.definitions.flatMap((definition) =>
          definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name
            ? rootFields(document, definition.selectionSet, walked)
            : [],
        );
      }
    }
  });
}

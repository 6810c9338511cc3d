import { type DocumentNode, type FieldNode, Kind, type SelectionNode, visit } from 'graphql';

/** What every selection can have, and what no client is shown that did not ask for it. */
export const TYPENAME: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include']);

/**
 * Lets something be selected from every object of a document that is planned, whatever its
 * conditions say: a field whose own condition is met is left out of a plan, commands too, if
 * conditions below it leave nothing to select.
 */
export function neverEmpty(document: DocumentNode): DocumentNode {
  if (!hasConditions(document)) return document;
  return visit(document, {
    Field: ({ selectionSet, ...field }) => {
      if (selectionSet === undefined || selectionSet.selections.some(isAlwaysAsked)) return;
      const selections = [TYPENAME, ...selectionSet.selections];
      return { ...field, selectionSet: { ...selectionSet, selections } };
    },
  });
}

function isAlwaysAsked({ kind, directives = [] }: SelectionNode): boolean {
  return kind === Kind.FIELD && directives.length === 0;
}

function hasConditions(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    Directive: ({ name }) => void (isFound ||= CONDITIONS.has(name.value)),
  });
  return isFound;
}

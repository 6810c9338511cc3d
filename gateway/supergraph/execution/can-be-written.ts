import type { ObjectType, SelectionSet } from '@apollo/federation-internals';
import { isObjectType } from '../apollo-packages.ts';

/**
 * Whether each field of a response occurs once in its selection, so that it can be written from
 * front to back. Fields of different object types never meet, and a leaf that occurs again is
 * skipped; an object that is selected in several parts has to be put together first.
 */
export function canBeWritten(selectionSet: SelectionSet): boolean {
  return isInOnePlace(selectionSet, null, new Set(), new Map());
}

/**
 * @param condition the object type that the selection is on, if there is one
 * @param before leaves that always precede it
 * @param places where each name was found in the object's selection
 */
function isInOnePlace(
  selectionSet: SelectionSet,
  condition: ObjectType | null,
  before: ReadonlySet<string>,
  places: Map<string, readonly (ObjectType | null)[]>,
): boolean {
  const certain = new Set(before);
  return selectionSet.selections().every((selection) => {
    if (selection.kind !== 'FieldSelection') {
      const { typeCondition } = selection.element;
      const inner =
        typeCondition !== undefined && isObjectType(typeCondition) ? typeCondition : null;
      return isInOnePlace(selection.selectionSet, inner ?? condition, certain, places);
    }
    const name = selection.element.responseName();
    const { selectionSet: own } = selection;
    if (own === undefined && certain.has(name)) return true;
    const others = places.get(name) ?? [];
    if (others.some((other) => other === null || condition === null || other === condition))
      return false;
    places.set(name, [...others, condition]);
    if (own !== undefined) return canBeWritten(own);
    if (selection.element.appliedDirectives.length === 0) certain.add(name);
    return true;
  });
}

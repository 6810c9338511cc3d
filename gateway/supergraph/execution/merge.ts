import { isJsonObject, type JsonObject, ownValue, setOwn } from './own-property.ts';

/**
 * Adds the result of another fetch to an object, in place: objects are united, lists of equal
 * length item by item, anything else takes the newer value. Parts of the source become parts of the
 * target.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const key of Object.keys(source)) {
    const added = source[key];
    if (added === undefined) continue;
    const known = ownValue(target, key);
    if (isJsonObject(known) && isJsonObject(added)) mergeInto(known, added);
    else if (Array.isArray(known) && Array.isArray(added) && known.length === added.length)
      mergeItems(known, added);
    else setOwn(target, key, added);
  }
}

function mergeItems(target: unknown[], source: readonly unknown[]): void {
  source.forEach((added, index) => {
    const known = target[index];
    if (isJsonObject(known) && isJsonObject(added)) mergeInto(known, added);
    else target[index] = added;
  });
}

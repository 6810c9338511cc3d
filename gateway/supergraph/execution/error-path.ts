import { isJsonObject, type JsonObject, ownValue } from './own-property.ts';

type Path = readonly (string | number)[];

/**
 * Where a fetch applies: the path of its plan from the root, `@` for each list, and the objects
 * there.
 */
export interface Cursor {
  readonly path: Path;
  readonly data: unknown;
  readonly root: JsonObject;
}

/** Goes on to what a plan's path leads to; undefined if there is nothing. */
export function moveCursor(cursor: Cursor, path: Path): Cursor | undefined {
  const data = valuesAt(cursor.data, path, 0);
  if (data === undefined || data === null) return undefined;
  return { path: [...cursor.path, ...path], data, root: cursor.root };
}

function valuesAt(value: unknown, path: Path, index: number): unknown {
  const head = path[index];
  if (head === undefined || value === undefined || value === null) return value;
  if (head !== '@') return valuesAt(ownValue(value as JsonObject, String(head)), path, index + 1);
  const found: unknown[] = [];
  collectValues(value, path, index, found);
  return found;
}

/** All of them in one list, however many lists the path crosses. */
function collectValues(value: unknown, path: Path, index: number, found: unknown[]): void {
  const head = path[index];
  const isThere = value !== undefined && value !== null;
  if (isThere && head === '@')
    for (const item of value as readonly unknown[]) collectValues(item, path, index + 1, found);
  else if (isThere && head !== undefined)
    collectValues(ownValue(value as JsonObject, String(head)), path, index + 1, found);
  else if (Array.isArray(value)) found.push(...(value as readonly unknown[]));
  else found.push(value);
}

/**
 * Where in the response an error of a fetch belongs: an entity's error to the place of the entity.
 * @param isEntityFetch whether the error's path begins with `_entities` and an index
 */
export function errorPath(
  cursor: Cursor,
  isEntityFetch: boolean,
  path: Path | undefined,
): Path | undefined {
  if (path === undefined) return undefined;
  if (!isEntityFetch || typeof path[1] !== 'number') return [...cursor.path, ...path];
  const places: Path[] = [];
  collectPlaces([], cursor.path, 0, cursor.root, places);
  return [...(places[path[1]] ?? []), ...path.slice(2)];
}

function collectPlaces(
  parent: Path,
  path: Path,
  index: number,
  data: unknown,
  places: Path[],
): void {
  if (data === undefined || data === null) return;
  const head = path[index];
  if (head === undefined) places.push(parent);
  else if (Array.isArray(data))
    data.forEach((item: unknown, at) =>
      collectPlaces([...parent, at], path, head === '@' ? index + 1 : index, item, places),
    );
  else if (isJsonObject(data))
    collectPlaces([...parent, head], path, index + 1, ownValue(data, String(head)), places);
}

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
 * Where in the response the errors of a fetch belong: an entity's error to the place of the entity,
 * and one of all entities to the place that they are below.
 */
export class ErrorPaths {
  readonly #cursor: Cursor;
  readonly #owners: readonly JsonObject[] | null;
  /** Where the objects are that the cursor leads to; null until an error asks. */
  #places: ReadonlyMap<unknown, Path> | null = null;

  /** @param owners the entities that the fetch asks about, in its order; null if there are none */
  constructor(cursor: Cursor, owners: readonly JsonObject[] | null) {
    this.#cursor = cursor;
    this.#owners = owners;
  }

  /** @param path of an error, as the subgraph gave it */
  of(path: Path | undefined): Path | undefined {
    if (path === undefined) return undefined;
    const above = clientPath(this.#cursor.path);
    const isBelowList = above.length < this.#cursor.path.length;
    if (this.#owners === null) return isBelowList ? above : [...above, ...path];
    const [, index, ...below] = path;
    const owner = typeof index === 'number' ? this.#owners[index] : undefined;
    this.#places ??= placesOf(this.#cursor);
    const place = this.#places.get(owner);
    return place === undefined ? above : [...place, ...below];
  }
}

/**
 * The part of a plan's path that is one of the response: a plan says `@` where a response has an
 * index.
 */
export function clientPath(path: Path): Path {
  const firstList = path.indexOf('@');
  return firstList < 0 ? path : path.slice(0, firstList);
}

function placesOf({ path, root }: Cursor): ReadonlyMap<unknown, Path> {
  const places = new Map<unknown, Path>();
  collectPlaces([], path, 0, root, places);
  return places;
}

function collectPlaces(
  parent: Path,
  path: Path,
  index: number,
  data: unknown,
  places: Map<unknown, Path>,
): void {
  const head = path[index];
  if (head === undefined) places.set(data, parent);
  else if (Array.isArray(data))
    data.forEach((item: unknown, at) =>
      collectPlaces([...parent, at], path, head === '@' ? index + 1 : index, item, places),
    );
  else if (isJsonObject(data))
    collectPlaces([...parent, head], path, index + 1, ownValue(data, String(head)), places);
}

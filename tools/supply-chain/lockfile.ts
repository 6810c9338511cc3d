/** One installed copy, as the lockfile describes it. */
export interface Copy {
  readonly name: string;
  readonly place: string;
  readonly version: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

/** Every copy that a `package-lock.json` names. @param lockfile its text */
export function copiesIn(lockfile: string): readonly Copy[] {
  const { packages } = JSON.parse(lockfile) as { readonly packages: Record<string, Copy> };
  return Object.entries(packages)
    .filter(([place]) => place !== '')
    .map(([place, entry]) => ({ ...entry, name: entry.name ?? nameAt(place), place }));
}

/** An alias has a `name` of its own; every other copy is named after its folder. */
function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

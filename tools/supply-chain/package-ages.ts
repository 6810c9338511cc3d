import { copiesIn } from './lockfile.ts';

/** The minimum age of a version before we use it: worms were found within days. */
export const LEAST_AGE_DAYS = 7;
const DAY_MS = 86_400_000;

/** Versions that we use early, `name@version`, and why. */
export const TAKEN_EARLY: ReadonlyMap<string, string> = new Map();

/** A version of a package. */
export interface Version {
  readonly name: string;
  readonly version: string;
}

/** The result for a version's age; only the first two let it pass. */
export type Verdict =
  | { readonly kind: 'old enough'; readonly days: number }
  | { readonly kind: 'taken early'; readonly reason: string }
  | { readonly kind: 'too young'; readonly days: number }
  | { readonly kind: 'not known'; readonly reason: string };

/**
 * The versions in one lockfile that were not in another, each once.
 * @param before the text of the earlier lockfile; null if there was none
 */
export function addedVersions(now: string, before: string | null): readonly Version[] {
  const had = new Set(before === null ? [] : copiesIn(before).map(keyOf));
  const added = copiesIn(now).filter((copy) => !had.has(keyOf(copy)));
  const byKey = new Map(
    added.map(({ name, version }) => [keyOf({ name, version }), { name, version }]),
  );
  return [...byKey.values()].sort(byName);
}

/** When each version of a package was published, as ISO 8601; null if the registry could not be asked. */
export type PublishedTimes = Readonly<Record<string, string>> | null;

/** Judges a version by the publication times from the registry. */
export function judge(
  version: Version,
  times: PublishedTimes,
  nowMs: number,
  takenEarly = TAKEN_EARLY,
): Verdict {
  const reason = takenEarly.get(keyOf(version));
  if (reason !== undefined) return { kind: 'taken early', reason };
  if (times === null) return { kind: 'not known', reason: 'the registry could not be asked' };
  const publishedAt = times[version.version];
  if (publishedAt === undefined)
    return { kind: 'not known', reason: 'the registry does not tell when it was published' };
  const days = Math.floor((nowMs - Date.parse(publishedAt)) / DAY_MS);
  if (Number.isNaN(days))
    return { kind: 'not known', reason: `the registry tells no time, but "${publishedAt}"` };
  return days < LEAST_AGE_DAYS ? { kind: 'too young', days } : { kind: 'old enough', days };
}

/** Whether a version may be used. */
export function passes({ kind }: Verdict): boolean {
  return kind === 'old enough' || kind === 'taken early';
}

/** The verdict as one line for a person. */
export function sentenceOf(version: Version, verdict: Verdict): string {
  const key = keyOf(version);
  if (verdict.kind === 'taken early') return `${key} was taken early: ${verdict.reason}`;
  if (verdict.kind === 'not known')
    return `${key} could not be checked: ${verdict.reason}; look it up where its releases are told`;
  const days = `${verdict.days} ${verdict.days === 1 ? 'day' : 'days'} old`;
  if (verdict.kind === 'old enough') return `${key} is ${days}`;
  return `${key} is ${days}, and has to be ${LEAST_AGE_DAYS}: take an older one, or wait`;
}

function keyOf({ name, version }: Version): string {
  return `${name}@${version}`;
}

function byName(one: Version, other: Version): number {
  return keyOf(one) < keyOf(other) ? -1 : 1;
}

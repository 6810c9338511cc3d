import type { Finding } from './check.ts';
import { COMPARISONS } from './compare-stores.ts';

const COMPARED: ReadonlySet<string> = new Set(COMPARISONS.map(({ name }) => name));

/**
 * The findings of a second look that confirm the first one. Within one store nothing is on its way, so a row that breaks
 * a rule twice breaks it, even if its amounts go on changing; between two stores only an unchanged difference counts.
 */
export function confirmedFindings(
  first: readonly Finding[],
  second: readonly Finding[],
): readonly Finding[] {
  const before = new Set(first.map(textOf));
  return second.filter((finding) => before.has(textOf(finding)));
}

/** A key that is equal for findings that confirm each other. */
function textOf({ check, subject, detail }: Finding): string {
  return JSON.stringify(COMPARED.has(check) ? [check, subject, detail] : [check, subject]);
}

import type { z } from 'zod';
import { describeIssue } from './describe-issue.ts';

/**
 * Reads one process's variables by its schema. An empty or blank variable counts as absent: as a
 * number it would be 0.
 * @throws Error with a line for each bad variable, but no value: it may be a secret
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const present = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value?.trim() !== ''),
  );
  const result = schema.safeParse(present, { error: describeIssue });
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${placeOf(path)}: ${message}`);
  throw new Error(problems.join('\n'));
}

/** `FEED`, or for a list `ALLOWED_ORIGINS, entry 2`. */
function placeOf([name, index]: readonly PropertyKey[]): string {
  return typeof index === 'number' ? `${String(name)}, entry ${index + 1}` : String(name);
}

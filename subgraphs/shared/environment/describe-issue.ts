import type { z } from 'zod';

/**
 * Says in plain English what is wrong with a variable, without its value: zod's own words are about
 * JavaScript, such as "received NaN". A message of the schema itself comes first.
 * @returns undefined for a problem that only the schema can describe
 */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return 'is required';
  if (issue.code === 'invalid_type')
    return issue.expected === 'int' ? 'is not a whole number' : `is not a ${issue.expected}`;
  if (issue.code === 'too_small')
    return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values
      .map(String)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1')}`;
  return issue.code === 'invalid_format' && issue.format === 'url'
    ? 'is not a valid URL'
    : undefined;
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters long' : '';
}

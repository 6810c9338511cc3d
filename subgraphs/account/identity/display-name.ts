import { parseDisplayText } from '#shared/domain/display-text.ts';

const MAX_LENGTH = 64;

/** The name of a user, an account or a key: 1 to 64 characters without surrounding space, or null. */
export function parseDisplayName(text: string): string | null {
  return parseDisplayText(text, MAX_LENGTH);
}

/**
 * Control characters, halves of characters, ends of lines, and what turns the direction of the text around it: no name
 * needs them, and stores refuse some.
 */
const DISRUPTIVE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** Something to be seen: a letter, digit, sign or symbol, and none of those that are shown as nothing. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

/** The most characters of a reason, which the desk gives for what it does to others. */
export const MAX_REASON_LENGTH = 200;

/**
 * A text that people write for people, such as a name, without space around it; null if it has more
 * characters than `maxLength`, shows nothing, or could disguise what is shown beside it.
 */
export function parseDisplayText(text: string, maxLength: number): string | null {
  const shown = text.trim();
  // An emoji is one character, though it takes two places in a string.
  const isShort = shown.length <= maxLength || [...shown].length <= maxLength;
  return isShort && VISIBLE.test(shown) && !DISRUPTIVE.test(shown) ? shown : null;
}

import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
/** The largest multiple of the alphabet's size in a byte; bytes above it would favor some letters. */
const FAIR = 256 - (256 % ALPHABET.length);

/** Letters that nobody can guess: digits and lowercase letters, 5.17 bits each. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length)
    for (const byte of randomBytes(length))
      if (byte < FAIR && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
  return text;
}

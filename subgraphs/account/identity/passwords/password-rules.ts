const MIN_LENGTH = 12;
const MAX_LENGTH = 1024;

/** Whether a text can become somebody's password. */
export function isSoundPassword(password: string): boolean {
  return password.length >= MIN_LENGTH && password.length <= MAX_LENGTH;
}

/** Whether a text is longer than any password: hashing it would only cost time. */
export function isNoPassword(password: string): boolean {
  return password.length > MAX_LENGTH;
}

import { createHmac } from 'node:crypto';
import { parseSessionId, type SessionId } from '#shared/domain/ids.ts';
import { hasChecksum, hashOfSecret, withChecksum } from '../checksummed-text.ts';
import type { RefreshTokenSecrets, ShownRefreshToken } from '../credentials.ts';
import { keyFor } from '../derived-key.ts';
import { randomText } from '../random-text.ts';
import type { RetryKey } from './retry-key.ts';
import { isSameHash } from '../same-hash.ts';

/**
 * `dgr_<session>_<family><token><checksum>`. The family's secret is the same in every token of a
 * session and known to nobody else; each token's own is valid once. So the right family with
 * another token means that a used token was shown, and only one row per session is kept.
 */
const FORM = /^dgr_([0-9a-z]{22})_([0-9a-z]{50})([0-9a-z]{50})[0-9A-Za-z]{6}$/;
const SECRET_LENGTH = 50;
const SESSION_PREFIX = 'ses-';

/**
 * Refresh tokens; only the SHA-256 of their secrets is kept.
 * @param accessTokenKey what a refresh and its retry key lead to depends on it: whoever has seen both on
 *   their way cannot make the next token, but only ask for it while that refresh can be repeated. After a
 *   change of this key, no earlier refresh can be repeated.
 */
export function openRefreshTokenSecrets(accessTokenKey: string): RefreshTokenSecrets {
  const key = keyFor('deskgraph refresh tokens', accessTokenKey);
  return {
    make: (sessionId) => issue(sessionId, randomText(SECRET_LENGTH), randomText(SECRET_LENGTH)),
    parse: (text) => {
      const [, session = '', family = '', token = ''] = FORM.exec(text) ?? [];
      const sessionId = parseSessionId(`${SESSION_PREFIX}${session}`);
      if (sessionId === null || session === '' || !hasChecksum(text)) return null;
      const shown: ShownRefreshToken = {
        sessionId,
        familyHash: hashOfSecret(family),
        tokenHash: hashOfSecret(token),
        next: (retryKey = null) =>
          issue(
            sessionId,
            family,
            retryKey === null ? randomText(SECRET_LENGTH) : nextSecret(key, token, retryKey),
          ),
      };
      return shown;
    },
    matches: isSameHash,
  };
}

function nextSecret(key: Buffer, token: string, retryKey: RetryKey): string {
  // Far more bits than the letters need, so that none is favored.
  const bits = createHmac('sha512', key).update(`${token} ${retryKey}`).digest('hex');
  return BigInt(`0x${bits}`).toString(36).padStart(SECRET_LENGTH, '0').slice(-SECRET_LENGTH);
}

function issue(sessionId: SessionId, family: string, token: string) {
  const session = sessionId.slice(SESSION_PREFIX.length);
  return {
    text: withChecksum(`dgr_${session}_${family}${token}`),
    familyHash: hashOfSecret(family),
    tokenHash: hashOfSecret(token),
  };
}

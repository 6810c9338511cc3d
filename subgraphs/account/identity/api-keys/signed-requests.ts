import type { Clock } from '#shared/domain/clock.ts';
import type { ApiKeyId } from '#shared/domain/ids.ts';
import {
  DEFAULT_RECEIVE_WINDOW_MS,
  type RequestSignature,
  signedText,
} from '#shared/identity/request-signature.ts';
import type { ApiKey } from './api-key-store.ts';
import { isSignedBy } from './public-key.ts';

/**
 * What a client shows beside its key: nothing, a signature, or that it uses a connection that was
 * opened with one.
 */
export type SignatureProof =
  | { readonly kind: 'none' }
  | { readonly kind: 'checkedBefore' }
  | { readonly kind: 'signature'; readonly signature: RequestSignature };

/** Why a request with a key that requires signatures is refused. */
export type SignatureRefusal =
  | 'SIGNATURE_NEEDED'
  | 'SIGNATURE_INVALID'
  | 'TIMESTAMP_INVALID'
  | 'TIMESTAMP_TOO_OLD'
  | 'TIMESTAMP_AHEAD'
  | 'WINDOW_INVALID'
  | 'NONCE_INVALID'
  | 'NONCE_USED';

/** The port for storing used nonces. */
export interface NonceStore {
  /** @returns false if this key has used it before, and it is not yet forgotten */
  take(
    keyId: ApiKeyId,
    nonce: string,
    time: { readonly nowMs: number; readonly untilMs: number },
  ): Promise<boolean>;
}

const MAX_WINDOW_MS = 60_000;
/** Clocks differ: being ahead of ours by this much is not an error. */
const MOST_AHEAD_MS = 1000;
const TIMESTAMP = /^\d{1,15}(\.\d{1,6})?$/;
const WINDOW = /^\d{1,5}(\.\d{1,6})?$/;
const NONCE = /^[\w.:-]{1,64}$/;

/** Checks the signature of a request with a key: that it is right, fresh and used once. */
export class SignedRequests {
  readonly #nonces: NonceStore;
  readonly #clock: Clock;

  constructor(options: { readonly nonces: NonceStore; readonly clock: Clock }) {
    this.#nonces = options.nonces;
    this.#clock = options.clock;
  }

  /**
   * The first reason that applies: malformed parts, then the signature, the time and the nonce, so
   * that only its owner's signatures use one up.
   */
  async refusalOf(
    { id, publicKey }: Pick<ApiKey, 'id' | 'publicKey'>,
    proof: SignatureProof,
  ): Promise<SignatureRefusal | null> {
    if (proof.kind === 'checkedBefore') return null;
    if (proof.kind === 'none') return publicKey === null ? null : 'SIGNATURE_NEEDED';
    const { signature } = proof;
    const windowMs = windowOf(signature);
    if (publicKey === null) return 'SIGNATURE_INVALID';
    if (!TIMESTAMP.test(signature.timestamp)) return 'TIMESTAMP_INVALID';
    if (!NONCE.test(signature.nonce)) return 'NONCE_INVALID';
    if (windowMs === null) return 'WINDOW_INVALID';
    if (!isSignedBy(publicKey, signedText(signature), signature.signature))
      return 'SIGNATURE_INVALID';
    const [nowMs, timestampMs] = [this.#clock.now(), Number(signature.timestamp)];
    if (timestampMs + windowMs < nowMs) return 'TIMESTAMP_TOO_OLD';
    if (timestampMs > nowMs + MOST_AHEAD_MS) return 'TIMESTAMP_AHEAD';
    // A little longer than it is valid, because processes' clocks differ.
    const untilMs = timestampMs + windowMs + MOST_AHEAD_MS;
    const isNew = await this.#nonces.take(id, signature.nonce, { nowMs, untilMs });
    return isNew ? null : 'NONCE_USED';
  }
}

function windowOf({ receiveWindowMs }: RequestSignature): number | null {
  if (receiveWindowMs === null) return DEFAULT_RECEIVE_WINDOW_MS;
  const windowMs = WINDOW.test(receiveWindowMs) ? Number(receiveWindowMs) : 0;
  return windowMs > 0 && windowMs <= MAX_WINDOW_MS ? windowMs : null;
}

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
 * What a client shows beside its key: nothing, a signature, or that it lives on a connection for whose
 * begin one was checked already.
 */
export type SignatureProof =
  | { readonly kind: 'none' }
  | { readonly kind: 'checkedBefore' }
  | { readonly kind: 'signature'; readonly signature: RequestSignature };

/** Why a request is not taken that a key has to sign. */
export type SignatureRefusal =
  | 'SIGNATURE_NEEDED'
  | 'SIGNATURE_INVALID'
  | 'TIMESTAMP_INVALID'
  | 'TIMESTAMP_TOO_OLD'
  | 'TIMESTAMP_AHEAD'
  | 'WINDOW_INVALID'
  | 'NONCE_INVALID'
  | 'NONCE_USED';

/** The port behind which it is kept which nonces were used. */
export interface NonceStore {
  /** @returns false when this key has used it before, and it is not yet forgotten */
  take(
    keyId: ApiKeyId,
    nonce: string,
    time: { readonly nowMs: number; readonly untilMs: number },
  ): Promise<boolean>;
}

const MAX_WINDOW_MS = 60_000;
/** Clocks differ: so far ahead of ours is no mistake. */
const MOST_AHEAD_MS = 1000;
const TIMESTAMP = /^\d{1,15}(\.\d{1,6})?$/;
const WINDOW = /^\d{1,5}(\.\d{1,6})?$/;
const NONCE = /^[\w.:-]{1,64}$/;

/** Checks what is signed with a key: that it is, that it is fresh, and that it comes once. */
export class SignedRequests {
  readonly #nonces: NonceStore;
  readonly #clock: Clock;

  constructor(options: { readonly nonces: NonceStore; readonly clock: Clock }) {
    this.#nonces = options.nonces;
    this.#clock = options.clock;
  }

  /**
   * The first reason that applies: what cannot be read, then the signature, the time and the nonce, so
   * that only what its owner signed uses one up.
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
    // A little longer than it is good, since processes' clocks differ.
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

/**
 * What a client shows beside a key that requires signatures, each part as sent: a copied request,
 * and even the key itself, is of no other use.
 */
export interface RequestSignature {
  /** `POST` or `GET`; `WEBSOCKET` in `connection_init`. */
  readonly method: string;
  /** The path with its query, as requested: `/graphql`. */
  readonly path: string;
  /**
   * When it was signed by the client's clock, milliseconds since the epoch; decimals are allowed.
   */
  readonly timestamp: string;
  /** How many milliseconds the signature is valid; null for the default of five seconds. */
  readonly receiveWindowMs: string | null;
  /** Chosen by the client, valid once. */
  readonly nonce: string;
  /** SHA-256 of the body's bytes, in base64url. */
  readonly bodySha256: string;
  /** Ed25519 over {@link signedText}, in base64url. */
  readonly signature: string;
}

/** How long a request is valid if it does not say. */
export const DEFAULT_RECEIVE_WINDOW_MS = 5000;
/** The method of a signature in `connection_init`. */
export const SOCKET_METHOD = 'WEBSOCKET';

/** The text that is signed: one line each; the window's line is empty if it is omitted. */
export function signedText(signed: Omit<RequestSignature, 'signature'>): string {
  const { method, path, timestamp, receiveWindowMs, nonce, bodySha256 } = signed;
  return [method, path, timestamp, receiveWindowMs ?? '', nonce, bodySha256].join('\n');
}

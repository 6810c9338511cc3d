/**
 * What a client shows beside a key that demands signatures, all of it as it was sent: who has copied a
 * request, and even who knows the key, can make nothing else of it.
 */
export interface RequestSignature {
  /** `POST` or `GET`; `WEBSOCKET` for what is signed in `connection_init`. */
  readonly method: string;
  /** The path with its query, as it is asked for: `/graphql`. */
  readonly path: string;
  /** When it was signed by the client's clock, milliseconds since the epoch; decimals are allowed. */
  readonly timestamp: string;
  /** For how many milliseconds it is good; null if the client leaves it at five seconds. */
  readonly receiveWindowMs: string | null;
  /** Made by the client, good once. */
  readonly nonce: string;
  /** SHA-256 of the body's bytes, in base64url. */
  readonly bodySha256: string;
  /** Ed25519 over {@link signedText}, in base64url. */
  readonly signature: string;
}

/** How long a request is good when it does not say. */
export const DEFAULT_RECEIVE_WINDOW_MS = 5000;
/** The method of what is signed in `connection_init`. */
export const SOCKET_METHOD = 'WEBSOCKET';

/** The text that is signed: one line each, the window's empty if it is left out. */
export function signedText(signed: Omit<RequestSignature, 'signature'>): string {
  const { method, path, timestamp, receiveWindowMs, nonce, bodySha256 } = signed;
  return [method, path, timestamp, receiveWindowMs ?? '', nonce, bodySha256].join('\n');
}

import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '#shared/domain/clock.ts';
import {
  DEFAULT_RECEIVE_WINDOW_MS,
  type RequestSignature,
  SOCKET_METHOD,
} from '#shared/identity/request-signature.ts';

/** What a client showed: nothing, one credential, or something that cannot be one. */
export type Credential =
  | { readonly kind: 'none' }
  /**
   * With the address it is shown from, since a key can be bound to addresses, and the signature if
   * there is one.
   */
  | {
      readonly kind: 'apiKey';
      readonly apiKey: string;
      readonly address: string;
      /** Valid once; `checked` if the connection that depends on the key was opened with one. */
      readonly signature?: RequestSignature | 'checked';
    }
  | { readonly kind: 'accessToken'; readonly accessToken: string }
  | { readonly kind: 'malformed' };

/** Longer than any credential of ours; a longer text is not even hashed. */
const MAX_LENGTH = 8192;
const BEARER = /^Bearer +(\S+)$/i;
/** A JWT has three parts separated by dots; our API keys have no dot. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The parts of an HTTP request, or of a WebSocket's upgrade, that carry credentials. */
export interface CredentialRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** The credential of a request. @param body as received */
export function credentialOfHeaders(
  { headers, method = '', url: path = '' }: CredentialRequest,
  address: string,
  body = '',
): Credential {
  const credential = credentialOf(headers['x-api-key'], headers.authorization, address);
  const parts = {
    signature: headers['x-signature'],
    timestamp: headers['x-timestamp'],
    receiveWindowMs: headers['x-receive-window-ms'],
    nonce: headers['x-nonce'],
  };
  return withSignature(credential, parts, { method, path, body });
}

/** The credential in the payload of `connection_init`. @param path of the socket */
export function credentialOfConnectionParams(
  params: Readonly<Record<string, unknown>> | undefined,
  address: string,
  path: string,
): Credential {
  const credential = credentialOf(
    params?.['apiKey'] ?? params?.['x-api-key'],
    params?.['authorization'] ?? params?.['Authorization'],
    address,
  );
  const { signature, timestamp, receiveWindowMs, nonce } = params ?? {};
  const parts = { signature, timestamp, receiveWindowMs, nonce };
  return withSignature(credential, parts, { method: SOCKET_METHOD, path, body: '' });
}

/** Until when a signature is fresh, by `performance.now()`; undefined if there is none. */
export function freshUntil(credential: Credential, clock: Clock): number | undefined {
  if (credential.kind !== 'apiKey' || typeof credential.signature !== 'object') return undefined;
  const { timestamp, receiveWindowMs } = credential.signature;
  const endsAtMs = Number(timestamp) + Number(receiveWindowMs ?? DEFAULT_RECEIVE_WINDOW_MS);
  return performance.now() + endsAtMs - clock.now();
}

/**
 * The credential that a connection depends on after it was opened: a signature is not shown again.
 */
export function lastingCredential(credential: Credential): Credential {
  if (credential.kind !== 'apiKey' || credential.signature === undefined) return credential;
  return { ...credential, signature: 'checked' };
}

/** What is not text counts as wrong text: the account subgraph refuses it. */
function withSignature(
  credential: Credential,
  parts: Readonly<Record<'signature' | 'timestamp' | 'receiveWindowMs' | 'nonce', unknown>>,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: string },
): Credential {
  if (credential.kind !== 'apiKey' || isAbsent(parts.signature)) return credential;
  const text = (value: unknown) =>
    typeof value === 'number' ? String(value) : isText(value) ? value : '';
  return {
    ...credential,
    signature: {
      method,
      path,
      timestamp: text(parts.timestamp),
      nonce: text(parts.nonce),
      receiveWindowMs: isAbsent(parts.receiveWindowMs) ? null : text(parts.receiveWindowMs),
      bodySha256: createHash('sha256').update(body).digest('base64url'),
      signature: text(parts.signature),
    },
  };
}

function credentialOf(apiKey: unknown, authorization: unknown, address: string): Credential {
  if (isAbsent(apiKey) && isAbsent(authorization)) return { kind: 'none' };
  if (!isAbsent(apiKey) && !isAbsent(authorization)) return { kind: 'malformed' };
  if (!isAbsent(apiKey))
    return isText(apiKey) ? { kind: 'apiKey', apiKey, address } : { kind: 'malformed' };
  const token = isText(authorization) ? BEARER.exec(authorization)?.[1] : undefined;
  if (token === undefined) return { kind: 'malformed' };
  return JWT.test(token)
    ? { kind: 'accessToken', accessToken: token }
    : { kind: 'apiKey', apiKey: token, address };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH;
}

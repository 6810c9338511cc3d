import type { IncomingHttpHeaders } from 'node:http';

/** What a client showed: nothing, one credential, or something that cannot be one. */
export type Credential =
  | { readonly kind: 'none' }
  /** With the address it is shown from: a key may be bound to some. */
  | { readonly kind: 'apiKey'; readonly apiKey: string; readonly address: string }
  | { readonly kind: 'accessToken'; readonly accessToken: string }
  | { readonly kind: 'malformed' };

/** Longer than any credential of ours; what is longer is not even hashed. */
const MAX_LENGTH = 8192;
const BEARER = /^Bearer +(\S+)$/i;
/** A JWT has three parts between points, an API key of ours has no point. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The credential of an HTTP request or of a WebSocket's upgrade. */
export function credentialOfHeaders(headers: IncomingHttpHeaders, address: string): Credential {
  return credentialOf(headers['x-api-key'], headers.authorization, address);
}

/** The credential in the payload of `connection_init`. */
export function credentialOfConnectionParams(
  params: Readonly<Record<string, unknown>> | undefined,
  address: string,
): Credential {
  return credentialOf(
    params?.['apiKey'] ?? params?.['x-api-key'],
    params?.['authorization'] ?? params?.['Authorization'],
    address,
  );
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

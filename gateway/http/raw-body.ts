import type { IncomingMessage } from 'node:http';

/** On the request itself: what a WeakMap holds outlives its key by several collections. */
const RAW_BODY = Symbol('raw body');

interface ReadRequest extends IncomingMessage {
  [RAW_BODY]?: string;
}

/** Keeps a body as it came, for anyone who has to check a signature over it. */
export function keepRawBody(request: ReadRequest, body: string): void {
  request[RAW_BODY] = body;
}

/** The body as it came; empty for none. */
export function rawBodyOf(request: ReadRequest): string {
  return request[RAW_BODY] ?? '';
}

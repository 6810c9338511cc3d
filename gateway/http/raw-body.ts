import type { IncomingMessage } from 'node:http';

/** On the request itself: what a WeakMap holds outlives its key by several collections. */
const RAW_BODY = Symbol('raw body');

interface ReadRequest extends IncomingMessage {
  [RAW_BODY]?: string;
}

/** Keeps a body as received, for checking a signature over it. */
export function keepRawBody(request: ReadRequest, body: string): void {
  request[RAW_BODY] = body;
}

/** The body as received; empty if there was none. */
export function rawBodyOf(request: ReadRequest): string {
  return request[RAW_BODY] ?? '';
}

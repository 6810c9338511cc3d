import { createRequire } from 'node:module';

/**
 * undici's connection pool and its errors, each from its own file: the package as a whole also
 * loads WebSocket, caches, mocks and a `fetch`, 3 MiB in every process that only wants to post.
 */
const require = createRequire(import.meta.url);

/** Kept-alive connections to one origin; see undici's own manual. */
export const Pool = require('undici/lib/dispatcher/pool.js') as typeof import('undici').Pool;
/** An instance of it. */
export type Pool = import('undici').Pool;
/** How undici fails. */
export const errors = require('undici/lib/core/errors.js') as typeof import('undici').errors;

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Written by bundle-graphiql.ts. */
const FOLDER = new URL('./__generated__/', import.meta.url);
const TYPES = {
  'graphiql-page.js': 'text/javascript; charset=utf-8',
  'graphiql-page.css': 'text/css; charset=utf-8',
};

/** One file of the self-hosted page, held in memory. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  /** Changes with the body. */
  readonly etag: string;
}

/** The files that the GraphiQL page loads, by name. @throws Error if they were not generated */
export function readAssets(): ReadonlyMap<string, Asset> {
  return new Map(Object.entries(TYPES).map(([name, type]) => [name, readAsset(name, type)]));
}

function readAsset(name: string, type: string): Asset {
  const body = readFileSync(new URL(name, FOLDER));
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return { type, body, etag };
}

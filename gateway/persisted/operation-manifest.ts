import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const HASH = /^[0-9a-f]{64}$/;

/** Registered operations, by the SHA-256 of their text in hexadecimal digits. */
export type OperationManifest = ReadonlyMap<string, string>;

/**
 * Reads a manifest: a JSON object from hash to text, as graphql-codegen and Relay write it.
 * @throws Error if it cannot be read, or a hash is not that of its text
 */
export async function readManifest(path: string | URL): Promise<OperationManifest> {
  const manifest = parsed(await readFile(path, 'utf8'));
  if (!isManifest(manifest))
    throw new Error(`${path} is no manifest: it maps SHA-256 hashes to texts of operations`);
  for (const [hash, text] of Object.entries(manifest))
    if (sha256(text) !== hash) throw new Error(`${path}: ${hash} is not the hash of its operation`);
  return new Map(Object.entries(manifest));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isManifest(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([hash, text]) => HASH.test(hash) && typeof text === 'string' && text !== '',
  );
}

/** The hash that names an operation. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

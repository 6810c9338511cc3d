import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const manifestSchema = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1));

/** Operations that were registered beforehand, by the SHA-256 of their text in hexadecimal digits. */
export type OperationManifest = ReadonlyMap<string, string>;

/**
 * Reads a manifest: a JSON object from hash to text, as graphql-codegen and Relay write it.
 * @throws Error when it cannot be read, or a hash is not that of its text
 */
export async function readManifest(path: string | URL): Promise<OperationManifest> {
  const result = manifestSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!result.success)
    throw new Error(`${path} is no manifest: it maps SHA-256 hashes to texts of operations`);
  for (const [hash, text] of Object.entries(result.data))
    if (sha256(text) !== hash) throw new Error(`${path}: ${hash} is not the hash of its operation`);
  return new Map(Object.entries(result.data));
}

/** How an operation is called by its text. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

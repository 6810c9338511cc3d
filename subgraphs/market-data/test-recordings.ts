// Where tests find the real recordings. They are not part of the project: without them a test says
// so and is left out.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A file or folder of the recordings (`DATA_DIR`, or `../shared/data` beside the project); null,
 * and a line saying so, if it is not there.
 */
export function recordedData(name: string): string | null {
  const folder =
    process.env['DATA_DIR'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
  const path = `${folder}/${name}`;
  if (existsSync(path)) return path;
  console.warn(`Skipped: there is nothing at ${path}; name the recordings' folder in DATA_DIR.`);
  return null;
}

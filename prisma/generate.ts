import { execFileSync } from 'node:child_process';
import { STORE_NAMES } from './store-name.ts';

/**
 * Makes the Prisma client of each store. `prisma generate` never runs the schema engine but wants to
 * download one unless this variable names a file; any file will do, and nothing is downloaded.
 */
const environment = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };

for (const name of STORE_NAMES) {
  execFileSync(
    process.execPath,
    ['node_modules/prisma/build/index.js', 'generate', '--schema', `prisma/${name}/schema.prisma`],
    { env: environment, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { STORE_NAMES } from './store-name.ts';

const run = promisify(execFile);

/**
 * Generates the Prisma clients of all stores in parallel. `prisma generate` never runs the schema
 * engine, but downloads one unless this variable names a file. Any file works, and nothing is downloaded.
 */
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };

await Promise.all(
  STORE_NAMES.map(async (name) => {
    const schema = ['--schema', `prisma/${name}/schema.prisma`];
    const prisma = ['node_modules/prisma/build/index.js', 'generate', ...schema];
    const { stderr } = await run(process.execPath, prisma, { env });
    process.stderr.write(stderr);
  }),
);

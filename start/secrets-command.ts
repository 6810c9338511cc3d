import { parseArgs } from 'node:util';
import { runCommand } from '#shared/command/run-command.ts';
import { makeEnvFile } from './env-file.ts';

/** `npm run secrets`: writes fresh values for all secrets that docker-compose.yml needs to `.env`, or another file. */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [file = '.env', ...more] = positionals;
  if (more.length > 0) throw new Error('Usage: npm run secrets [-- <file>] (default: .env)');
  await makeEnvFile(file);
  process.stdout.write(
    `The secrets are in ${file}, for you alone. Keep a copy: a desk needs them forever.\n`,
  );
}

runCommand(main);

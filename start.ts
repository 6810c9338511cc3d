import { messageOf } from '#shared/domain/message-of.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { shutDownOnSignal } from '#shared/subgraph/shutdown.ts';
import { renderCard } from './start/card.ts';
import { startDesk } from './start/desk.ts';
import { readStartEnvironment } from './start/environment.ts';
import { checkPreconditions } from './start/preflight.ts';
import { Startup } from './start/startup.ts';

// The terminal may have been closed, or the other end of a pipe: nobody reads, but everything must
// still be stopped.
process.stdout.on('error', () => undefined);
const startup = new Startup((text) => process.stdout.write(text));

try {
  await main();
} catch (cause) {
  // A start that is interrupted by Ctrl-C can fail: that is not worth reporting.
  if (!startup.isStopping) {
    process.stderr.write(`${messageOf(cause)}\n`);
    await startup.stop(() => undefined);
    process.exit(1);
  }
}

/** `npm start`: the whole desk in one process, with a PostgreSQL of its own. */
async function main(): Promise<void> {
  const environment = readStartEnvironment();
  await checkPreconditions(environment);
  const logger = createLogger({ unit: 'start', level: environment.LOG_LEVEL });
  const stop = async () => {
    startup.progress('stopping');
    await startup.stop((cause) => logger.error({ err: cause }, 'a component did not stop cleanly'));
    startup.progress('stopped');
  };
  const stopAsFailed = shutDownOnSignal([stop], logger);
  const desk = await startDesk(environment, startup, (cause) => {
    logger.fatal({ err: cause }, 'cannot continue without PostgreSQL');
    stopAsFailed();
  });
  process.stdout.write(renderCard({ ...desk, environment, seconds: startup.seconds() }));
}

import type { Logger } from '#shared/logging/logger.ts';

const LIMIT_MS = 10_000;

/** SIGHUP is what a closed terminal sends. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Stops a process in order on SIGTERM, SIGINT and SIGHUP, once: each step is waited for, a failing
 * one is logged and does not keep the next from running, and after 10 s the process ends
 * regardless.
 * @returns stops it the same way without a signal, with exit code 1
 */
export function shutDownOnSignal(
  steps: readonly (() => Promise<void>)[],
  logger: Logger,
): () => void {
  let isStopping = false;
  const stop = async (exitCode: number) => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), LIMIT_MS).unref();
    for (const step of steps)
      await step().catch((cause: unknown) =>
        logger.error({ err: cause }, 'a shutdown step failed'),
      );
    process.exit(exitCode);
  };
  for (const signal of SIGNALS)
    process.on(signal, () => {
      logger.info({ signal }, 'stopping');
      void stop(0);
    });
  return () => void stop(1);
}

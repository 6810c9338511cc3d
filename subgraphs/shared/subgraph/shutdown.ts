import type { Logger } from '#shared/logging/logger.ts';

const LIMIT_MS = 10_000;

/**
 * Stops a process in order on SIGTERM and SIGINT, once: each step is waited for, a failing one is
 * logged and does not keep the next from running, and after 10 s the process ends regardless.
 */
export function shutDownOnSignal(steps: readonly (() => Promise<void>)[], logger: Logger): void {
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), LIMIT_MS).unref();
    for (const step of steps)
      await step().catch((cause: unknown) =>
        logger.error({ err: cause }, 'a step of the shutdown failed'),
      );
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}

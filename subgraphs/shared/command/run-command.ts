import { messageOf } from '#shared/domain/message-of.ts';

/**
 * Runs a command. Its process ends with the returned code, or 0; if the command throws, its message goes to standard
 * error and the process ends with `codeOfFailure`.
 */
export function runCommand(main: () => Promise<number | void>, codeOfFailure = 1): void {
  main().then(
    (code) => (process.exitCode = code ?? 0),
    (cause: unknown) => {
      process.stderr.write(`${messageOf(cause)}\n`);
      process.exitCode = codeOfFailure;
    },
  );
}

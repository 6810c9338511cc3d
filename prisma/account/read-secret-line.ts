import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { ReadStream } from 'node:tty';

/**
 * Reads one secret line from a pipe, a file or a terminal; a terminal does not show it.
 * @param input standard input; a test passes its own
 * @param prompt written to standard error at a terminal
 * @returns the line without its end; empty if there is none
 */
export async function readSecretLine(
  input: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>,
  prompt: string,
): Promise<string> {
  const isTerminal = input.isTTY === true;
  if (isTerminal) process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: isTerminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}

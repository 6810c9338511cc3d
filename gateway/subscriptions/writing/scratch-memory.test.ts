import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchMemory } from './scratch-memory.ts';

const MEBIBYTE = 1024 * 1024;

/** A real pair of sockets: what is written to the first one arrives at the second. */
async function pair(): Promise<readonly [Socket, Socket]> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const writer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [reader] = (await once(server, 'connection')) as [Socket];
  server.close();
  return [writer, reader];
}

describe('scratch memory', () => {
  let sockets: readonly (readonly [Socket, Socket])[];
  beforeEach(async () => {
    sockets = [await pair(), await pair()];
  });
  afterEach(() => {
    for (const socket of sockets.flat()) socket.destroy();
  });

  it('carries what each socket was written, even if one of them is not read for long', async () => {
    const scratch = new ScratchMemory();
    const written = sockets.map(() => '');
    const lines = [100, 3000, 16 * 1024, 20_000];
    // More than the kernel takes for the one that is not read.
    for (let count = 0; (written[0]?.length ?? 0) < 12 * MEBIBYTE; count += 1)
      for (const [index, [writer]] of sockets.entries()) {
        const line = `${count} ${index} `.padEnd(lines[count % lines.length] ?? 0, `${index}`);
        scratch.write(writer, line);
        written[index] += line;
        if (index === 1 && count % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
        if (count === 0 && index === 1) sockets[1]?.[1].resume();
      }
    expect(sockets[0]?.[0].writableLength).toBeGreaterThan(0);
    for (const [writer] of sockets) writer.end();
    expect(await textOf(sockets[0]?.[1] as Socket)).toBe(written[0]);
  });

  it('tells when a stream has enough to get rid of', () => {
    const scratch = new ScratchMemory();
    const [writer] = sockets[0] as readonly [Socket, Socket];
    expect(scratch.write(writer, 'a little')).toBe(true);
    const mebibyte = 'x'.repeat(MEBIBYTE);
    const answers = Array.from({ length: 12 }, () => scratch.write(writer, mebibyte));
    expect(answers.at(-1)).toBe(false);
  });
});

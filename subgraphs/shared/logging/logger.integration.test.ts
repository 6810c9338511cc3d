import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

it('a logger tells of a Redis that refuses its password, and not that', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    // The client sends three commands before it looks at an answer.
    socket.once('data', () => socket.write('-WRONGPASS invalid pair\r\n'.repeat(3)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lines: string[] = [];
  const logger = createLogger(
    { unit: 'test', level: 'warn' },
    { write: (line) => void lines.push(line) },
  );
  const { port } = server.address() as AddressInfo;
  const redis = new Redis(`redis://:hunter2-hunter2@127.0.0.1:${port}`);
  redis.on('error', (cause) => {
    logger.warn({ err: cause }, 'the event bus broke');
  });
  await expect.poll(() => lines.join()).toContain('WRONGPASS');
  expect(lines.join()).not.toContain('hunter2');
  redis.disconnect();
  server.close();
});

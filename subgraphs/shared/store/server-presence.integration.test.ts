import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { Outage } from '../logging/outage.ts';
import { ServerPresence } from './server-presence.ts';

it('has PostgreSQL look for a machine that is gone, whatever options the address has', async () => {
  let asked = '';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      asked = data.toString();
      socket.end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const presence = new ServerPresence({
    store: 'account',
    databaseUrl: `postgresql://desk:secret@127.0.0.1:${port}/desk?options=-c%20work_mem%3D8MB`,
    requireVersion: () => Promise.resolve(),
    onOutdated: () => undefined,
    outage: new Outage(createLogger({ unit: 'test', level: 'silent' }), { away: '', back: '' }),
  });
  await expect(presence.begin()).rejects.toThrow();
  expect(asked).toContain('-c work_mem=8MB -c tcp_keepalives_idle=10');
  await presence.end();
  server.close();
  await once(server, 'close');
});

// One end of a real socket is ours; time passes by what the sweeps are told.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Connection } from './connection.ts';
import { FlushSchedule } from './writing/flush-schedule.ts';

const MEGABYTE = 1024 * 1024;
const GONE_AFTER_MS = 60_000;
const PING_AFTER_MS = 20_000;

let server: WebSocketServer;
let client: WebSocket;
let webSocket: WebSocket;
let connection: Connection;
let connectedAtMs: number;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  client.on('error', () => {});
  const [opened, request] = (await once(server, 'connection')) as [WebSocket, IncomingMessage];
  webSocket = opened;
  const origin = { address: '127.0.0.1', userAgent: null };
  connection = new Connection(webSocket, { stream: request.socket, origin }, new FlushSchedule());
  connectedAtMs = performance.now();
  if (client.readyState !== client.OPEN) await once(client, 'open');
});
afterEach(async () => {
  client.terminate();
  server.close();
  await once(server, 'close');
});

describe('a socket', () => {
  it('is cut off after a minute of nothing but pongs that nobody asked for', async () => {
    client.pong('1');
    await once(webSocket, 'pong');
    connection.sweep(connectedAtMs + GONE_AFTER_MS + 0.01, Date.now());
    await once(webSocket, 'close');
  });

  it('is heard of by the pong of a ping', async () => {
    connection.sweep(connectedAtMs + PING_AFTER_MS + 1, Date.now());
    await once(webSocket, 'pong');
    connection.sweep(connectedAtMs + GONE_AFTER_MS + 0.01, Date.now());
    expect(connection.isOpen).toBe(true);
  });

  it('is cut off when far more waits than it reads, by one message more than may wait', async () => {
    client.pause();
    const message = 'x'.repeat(MEGABYTE);
    let most = 0;
    while (connection.isOpen) {
      void connection.writer.send(message);
      most = Math.max(most, connection.writer.bytes);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(most).toBeLessThanOrEqual(5 * MEGABYTE + 1024);
    if (webSocket.readyState !== webSocket.CLOSED) await once(webSocket, 'close');
  });
});

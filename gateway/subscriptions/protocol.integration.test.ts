import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

// The cases of graphql-ws's own server tests that speak the protocol alone, against our endpoint.

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture();
});
afterAll(() => desk.stop());

const QUOTES =
  'subscription { quoteChanged(symbols: ["BTC-USDT"]) { ... on QuoteUpdate { sequence } } }';

describe('graphql-transport-ws', () => {
  it('acknowledges connection_init', async () => {
    const client = await SocketClient.open(desk.origin);
    client.send({ type: 'connection_init' });
    expect(await client.next()).toMatchObject({ type: 'connection_ack' });
    await client.close();
  });

  it('closes 4429 on a second connection_init', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.send({ type: 'connection_init' });
    expect(await client.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' });
  });

  it('answers a ping with a pong that carries its payload', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
    client.send({ type: 'ping', payload: { iCome: 'back' } });
    expect(await client.next()).toEqual({ type: 'pong', payload: { iCome: 'back' } });
    await client.close();
  });

  it('ignores a stray pong', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.send({ type: 'pong' });
    await client.settle();
    expect(client.untaken).toEqual([]);
    await client.close();
  });

  it('closes 4401 on subscribe before the ack', async () => {
    const client = await SocketClient.open(desk.origin);
    client.subscribe('1', QUOTES);
    expect(await client.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it('closes 4409 on an id in use, also while the first is still being prepared', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('1', QUOTES);
    client.subscribe('1', QUOTES);
    expect(await client.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' });
    const slow = await SocketClient.connect(desk.origin);
    let release = () => {};
    desk.world.delay = () => new Promise((resolve) => (release = resolve));
    slow.subscribe('1', '{ serverTime }');
    slow.subscribe('1', '{ serverTime }');
    expect(await slow.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' });
    desk.world.delay = () => Promise.resolve();
    release();
  });

  it('sends no complete back to a client that completes', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('1', QUOTES);
    await expect.poll(() => desk.world.quotesOf('BTC-USDT').open).toBe(1);
    client.send({ id: '1', type: 'complete' });
    await client.settle();
    expect(client.untaken).toEqual([]);
    await client.close();
  });

  it('takes an id again at once after the client has completed it, and frees it as often', async () => {
    const client = await SocketClient.connect(desk.origin);
    const source = desk.world.quotesOf('BTC-USDT');
    for (let round = 0; round < 20; round += 1) {
      client.subscribe('1', QUOTES);
      client.send({ id: '1', type: 'complete' });
    }
    client.subscribe('1', QUOTES);
    await client.settle();
    await expect.poll(() => source.open).toBe(1);
    expect(client.untaken).toEqual([]);
    client.send({ id: '1', type: 'complete' });
    await expect.poll(() => source.open).toBe(0);
    await client.close();
  });

  it('sends error for the one id when a source throws, keeps the socket, and no complete', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('1', 'subscription { quoteChanged(symbols: ["BAD-ONE"]) { __typename } }');
    await expect.poll(() => desk.world.quotesOf('BAD-ONE').open).toBe(1);
    desk.world.quotesOf('BAD-ONE').fail(new Error('password=secret'));
    const message = await client.next();
    expect(message).toMatchObject({ id: '1', type: 'error' });
    expect(JSON.stringify(message)).not.toContain('secret');
    client.subscribe('1', '{ serverTime }');
    expect(await client.next()).toMatchObject({ id: '1', type: 'next' });
    expect(await client.next()).toEqual({ id: '1', type: 'complete' });
    await client.close();
  });

  it('completes an operation whose source ends', async () => {
    const client = await SocketClient.connect(desk.origin);
    client.subscribe('"ä"', 'subscription { quoteChanged(symbols: ["END-ING"]) { __typename } }');
    await expect.poll(() => desk.world.quotesOf('END-ING').open).toBe(1);
    desk.world.quotesOf('END-ING').end();
    expect(await client.next()).toEqual({ id: '"ä"', type: 'complete' });
    await client.close();
  });

  it('closes 4409 on an id in use, however long it is', async () => {
    for (const id of ['1', 'ä'.repeat(500)]) {
      const client = await SocketClient.connect(desk.origin);
      for (let count = 0; count < 2; count += 1)
        client.subscribe(id, 'subscription { quoteChanged(symbols: ["A"]) { __typename } }');
      const { code, reason } = await client.closed;
      expect([code, `Subscriber for ${id} already exists`.startsWith(reason)]).toEqual([
        4409,
        true,
      ]);
    }
  });

  it('closes 4400 on a message that is none, and on a batch', async () => {
    const ofServer = [
      { type: 'next', id: '1', payload: {} },
      { type: 'error', id: '1', payload: [{ message: 'No' }] },
      { type: 'connection_ack' },
    ];
    // It can be read, but not be written again.
    const deep = `{"type":"ping","payload":{"in":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`;
    for (const message of ['nonsense', [], { type: 'subscribe' }, ...ofServer, deep]) {
      const client = await SocketClient.connect(desk.origin);
      client.send(message);
      expect(await client.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
    }
    const failures = desk.log.filter(({ msg }) => msg === 'handling a client message threw');
    expect(failures).toEqual([]);
  });

  it('closes 4408 when nothing comes', async () => {
    const client = await SocketClient.open(desk.origin);
    expect(await client.closed).toMatchObject({ code: 4408 });
  });

  it('refuses another subprotocol', async () => {
    await expect(SocketClient.open(desk.origin, {}, 'graphql-ws')).rejects.toThrow();
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BTC_USDT } from '../test-market.ts';
import { FrameRecorder } from './frame-recorder.ts';
import { FrameSession } from './frame-session.ts';
import { coinbaseProtocol } from './live/coinbase-protocol.ts';

const BOOK = JSON.stringify({
  type: 'snapshot',
  product_id: 'BTC-USDT',
  bids: [['100', '1']],
  asks: [['101', '1']],
});

describe('a session of recorded frames', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deskgraph-frames-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** What a recorder that was used so leads to. */
  async function played(nowMs: number, record: (recorder: FrameRecorder) => void) {
    const recorder = new FrameRecorder(folder, 'coinbase', nowMs);
    record(recorder);
    await recorder.end();
    const symbols = new Map([['BTC-USDT', BTC_USDT.symbol]]);
    const options = { protocol: coinbaseProtocol(), symbols, paths: [recorder.path] };
    const told: string[] = [];
    for await (const moment of new FrameSession(options).moments())
      for (const event of moment.decode())
        told.push(event.kind === 'connection' ? String(event.isConnected) : event.kind);
    return told;
  }

  it('tells each connection, and each loss of one', async () => {
    const told = await played(0, (recorder) => {
      recorder.connected();
      recorder.frame(BOOK);
      recorder.lost();
      recorder.connected();
    });
    expect(told).toEqual(['true', 'bookSnapshot', 'quote', 'false', 'true']);
  });

  it('takes a connection for lost when the next begins, whose recorder was killed', async () => {
    const told = await played(60_000, (recorder) => {
      recorder.connected();
      recorder.frame(BOOK);
      recorder.connected();
      recorder.frame(BOOK);
    });
    expect(told).toEqual([
      'true',
      'bookSnapshot',
      'quote',
      'false',
      'true',
      'bookSnapshot',
      'quote',
    ]);
  });
});

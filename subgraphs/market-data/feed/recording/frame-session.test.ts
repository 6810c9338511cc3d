import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BTC_USDT } from '../../test-market.ts';
import { frameFileName } from './frame-file.ts';
import { FrameRecorder } from './frame-recorder.ts';
import { FrameSession } from './frame-session.ts';
import { coinbaseProtocol } from '../live/coinbase-protocol.ts';

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

  it('reports to the reader that a file cannot be read', async () => {
    const symbols = new Map([['BTC-USDT', BTC_USDT.symbol]]);
    const paths = [join(folder, 'nowhere.frames.gz')];
    const session = new FrameSession({ protocol: coinbaseProtocol(), symbols, paths });
    await expect(session.moments().next()).rejects.toThrow('ENOENT');
  });

  it('reports to the recorder that the file cannot be written, immediately and at its end', async () => {
    await writeFile(join(folder, frameFileName('kraken', 0)), '');
    const onBroken = vi.fn();
    const recorder = new FrameRecorder(folder, 'kraken', 0, onBroken);
    await vi.waitUntil(() => onBroken.mock.calls.length > 0, 20_000);
    recorder.frame(BOOK);
    await expect(recorder.end()).rejects.toThrow('EEXIST');
  });

  it('plays each connection, and each loss of one', async () => {
    const told = await played(0, (recorder) => {
      recorder.connected();
      recorder.frame(BOOK);
      recorder.lost();
      recorder.connected();
    });
    expect(told).toEqual(['true', 'bookSnapshot', 'quote', 'false', 'true']);
  });

  it('ends the connection of a killed recorder when the next connection begins', async () => {
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

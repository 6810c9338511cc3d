import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candleRowReader } from './candle-row.ts';
import { intervalInName, symbolInName } from './file-name.ts';
import { BTC_USDT, ETH_USDT } from '../test-market.ts';

const OPEN_MS = 1_705_104_000_000;
const FULL = {
  openTimeMs: OPEN_MS,
  open: '42782.74000000',
  high: '42997.29000000',
  low: '42766.45000000',
  close: '42801.76000000',
  volume: '12.5',
  quoteVolume: '534000.1',
  tradeCount: 321,
  takerBuyVolume: '6.25',
};
const PRICES = '42782.74000000,42997.29000000,42766.45000000,42801.76000000';
const KLINE = `${OPEN_MS},${PRICES},12.5,${OPEN_MS + 3_599_999},534000.1,321,6.25,267000,0`;

describe('a line of candles', () => {
  it.each([
    ['of Binance, without names', [KLINE]],
    ['of Binance, in microseconds', [KLINE.replace(String(OPEN_MS), `${OPEN_MS}000`)]],
    [
      'with names in any order',
      [
        'Close,open,high,low,volume,quote_volume,trades,taker_buy_volume,date',
        '42801.76000000,42782.74000000,42997.29000000,42766.45000000,12.5,534000.1,321,6.25,2024-01-13T00:00:00Z',
      ],
    ],
    [
      'of JSON, whose numbers keep their digits',
      [
        `{"openTime":${OPEN_MS},"open":42782.74000000,"high":"42997.29000000","low":42766.45000000,"close":42801.76000000,"volume":12.5,"quoteVolume":534000.1,"trades":321,"takerBuyBaseVolume":"6.25"}`,
      ],
    ],
    ['of JSON arrays', [`[${KLINE}]`]],
  ])('%s is read exactly', (_, lines) => {
    const read = candleRowReader();
    expect(lines.map(read).at(-1)).toEqual(FULL);
  });

  it('can have amounts with an exponent', () => {
    expect(candleRowReader()(`${OPEN_MS},1e-05,1.2E-4,1e-05,2e-5,1.5e3,0,3e-7,12`)).toMatchObject({
      ...{ open: '0.00001', high: '0.00012', low: '0.00001', close: '0.00002' },
      ...{ volume: '1500', quoteVolume: '0.0000003', tradeCount: 12 },
    });
  });

  it('has no volume where the file has none', () => {
    const read = candleRowReader();
    expect(read('time,open,high,low,close')).toBeNull();
    expect(read(`${OPEN_MS / 1000},${PRICES}`)).toEqual({
      ...FULL,
      volume: '0',
      quoteVolume: '0',
      tradeCount: 0,
      takerBuyVolume: '0',
    });
    expect(read('')).toBeNull();
  });

  describe('that names no zone', () => {
    const { TZ } = process.env;
    beforeAll(() => {
      process.env['TZ'] = 'America/New_York';
    });
    afterAll(() => {
      if (TZ === undefined) delete process.env['TZ'];
      else process.env['TZ'] = TZ;
    });

    it.each([
      ['2024-01-13 00:00:00', '2024-01-13T00:00:00Z'],
      ['2024-01-13T01:30', '2024-01-13T01:30:00Z'],
      ['2024-01-13 00:00:00.5', '2024-01-13T00:00:00.500Z'],
      ['2024-01-13', '2024-01-13T00:00:00Z'],
      ['01/13/2024', '2024-01-13T00:00:00Z'],
      ['2024-01-13 02:00:00+02:00', '2024-01-13T00:00:00Z'],
      ['2024-01-12 19:00:00 -0500', '2024-01-13T00:00:00Z'],
      ['2024-01-13 00:00 UTC', '2024-01-13T00:00:00Z'],
    ])('is read as UTC: %s', (time, expected) => {
      const row = candleRowReader()(`${time},${PRICES}`);
      expect(row?.openTimeMs).toBe(Date.parse(expected));
    });
  });

  it.each([
    ['a high that is not the highest', `${OPEN_MS},2,1,1,1`],
    ['a low that is not the lowest', `${OPEN_MS},2,4,3,3`],
    ['a price that is none', `${OPEN_MS},0x1,1,1,1`],
    ['no time', 'yesterday,1,1,1,1'],
    ['a negative volume', `${OPEN_MS},1,1,1,1,-1`],
    ['more trades than are counted', `${OPEN_MS},1,1,1,1,1,,1,2147483648`],
    ['half an object', '{"open":'],
  ])('with %s is refused', (_, line) => {
    expect(() => candleRowReader()(line)).toThrow();
  });
});

describe('the name of a file', () => {
  it.each([
    ['BTCUSDT_1h_jan_feb_2024.csv', BTC_USDT.symbol, 'ONE_HOUR'],
    ['some/where/ETHUSDT-15m-2024-01.csv.gz', ETH_USDT.symbol, 'FIFTEEN_MINUTES'],
    ['eth-usdt.1d.jsonl', ETH_USDT.symbol, 'ONE_DAY'],
    ['candles.csv', null, null],
  ])('%s tells instrument and interval', (file, symbol, interval) => {
    expect(symbolInName(file, [BTC_USDT.symbol, ETH_USDT.symbol])).toBe(symbol);
    expect(intervalInName(file)).toBe(interval);
  });
});

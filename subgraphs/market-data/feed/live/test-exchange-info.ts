// The list of instruments of a stand-in for Binance.
const FILTERS = [
  { filterType: 'PRICE_FILTER', tickSize: '0.01000000' },
  { filterType: 'LOT_SIZE', stepSize: '0.00001000', minQty: '0.00001000', maxQty: '9000.00000000' },
  { filterType: 'NOTIONAL', minNotional: '5.00000000', maxNotional: '9000000.00000000' },
];

/** Its answer when it has BTCUSDT alone, in this state. */
export function exchangeInfo(status: string): string {
  const names = { symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', status };
  return JSON.stringify({ symbols: [{ ...names, orderTypes: ['LIMIT'], filters: FILTERS }] });
}

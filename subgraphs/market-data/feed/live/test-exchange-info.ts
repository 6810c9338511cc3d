// The list of instruments of a stand-in for Binance.
const FILTERS = [
  { filterType: 'PRICE_FILTER', tickSize: '0.01000000' },
  { filterType: 'LOT_SIZE', stepSize: '0.00001000', minQty: '0.00001000', maxQty: '9000.00000000' },
  { filterType: 'NOTIONAL', minNotional: '5.00000000', maxNotional: '9000000.00000000' },
];

/** Its answer when it has these alone, BTCUSDT if none is named, all in this state. */
export function exchangeInfo(status: string, bases: readonly string[] = ['BTC']): string {
  const symbols = bases.map((baseAsset) => {
    const names = { symbol: `${baseAsset}USDT`, baseAsset, quoteAsset: 'USDT', status };
    return { ...names, orderTypes: ['LIMIT'], filters: FILTERS };
  });
  return JSON.stringify({ symbols });
}

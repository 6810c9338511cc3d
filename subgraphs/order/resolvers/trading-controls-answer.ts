import type { TradingControls } from '../domain/safety-switches.ts';

/** The kill switches of an account, as `Query.tradingControls` and `Account.tradingControls` show them. */
export function tradingControlsAnswer({ effective, controls }: TradingControls) {
  return { tradingState: effective, controls: [...controls] };
}

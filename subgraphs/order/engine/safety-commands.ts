import type { AccountId } from '#shared/domain/ids.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type {
  GuardConnection,
  SafetySwitches,
  TradingControls,
} from '../domain/safety-switches.ts';
import { scopesOver, type TradingControl } from '../domain/trading-control.ts';
import { type CancelFilter, cancelOrders, MOST_ENDED } from './cancel-orders.ts';
import type { Journal } from './journal.ts';
import type { Turn } from './turn.ts';

/** Commands that take many orders off at once or keep new ones out, as turns of the journal. */
export class SafetyCommands implements SafetySwitches {
  readonly #journal: Journal;
  readonly #venue: ExecutionVenue;

  constructor(journal: Journal, venue: ExecutionVenue) {
    this.#journal = journal;
    this.#venue = venue;
  }

  cancelAll(filter: CancelFilter): Promise<readonly RecordedOrder[]> {
    return this.#journal.run((turn) => cancelOrders(turn, this.#venue, filter, 'CANCEL_ALL'));
  }

  async setTradingState(
    control: Omit<TradingControl, 'changedAt'>,
  ): Promise<{ readonly control: TradingControl; readonly canceled: readonly RecordedOrder[] }> {
    const { changed, first } = await this.#journal.run((turn) => {
      const changed = { ...control, changedAt: turn.now };
      turn.setControl(changed);
      return { changed, first: this.#cancelHalted(turn, changed) };
    });
    const canceled = [...first];
    for (let last = first; last.length === MOST_ENDED; canceled.push(...last))
      last = await this.#journal.run((turn) => this.#cancelHalted(turn, changed));
    return { control: changed, canceled };
  }

  cancelAllAfter(
    accountId: AccountId,
    timeoutMs: number,
  ): Promise<{ readonly firesAt: number | null; readonly now: number }> {
    return this.#journal.run((turn) => {
      const firesAt = timeoutMs === 0 ? null : turn.now + timeoutMs;
      turn.setTimer({ accountId, firesAt });
      return { firesAt, now: turn.now };
    });
  }

  guardConnections(connections: readonly GuardConnection[]): Promise<void> {
    return this.#journal.run(({ state: { guards }, now }) => {
      for (const { connectionId, lifeMs } of connections)
        if (lifeMs === null) guards.forget(connectionId, now);
        else guards.keep(connectionId, lifeMs, now);
    });
  }

  tradingControls(accountId: AccountId): Promise<TradingControls> {
    return this.#journal.run(({ state: { safety } }) => ({
      effective: safety.tradingState(accountId),
      controls: scopesOver(accountId).flatMap((scope) => safety.control(scope) ?? []),
    }));
  }

  /** As many as one turn ends: no more come, for nobody may place meanwhile. */
  #cancelHalted(turn: Turn, { scope, tradingState }: TradingControl): readonly RecordedOrder[] {
    if (tradingState !== 'HALTED') return [];
    const accountId = scope.kind === 'desk' ? null : scope.accountId;
    const filter = { accountId, symbol: null, side: null };
    return cancelOrders(turn, this.#venue, filter, 'KILL_SWITCH', MOST_ENDED);
  }
}

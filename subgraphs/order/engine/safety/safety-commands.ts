import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { AccountId, OrderId } from '#shared/domain/ids.ts';
import type { RecordedOrder } from '../../domain/order-event.ts';
import type { CancelReason } from '../../domain/order.ts';
import type {
  GuardConnection,
  SafetySwitches,
  TradingControls,
} from '../../domain/safety-switches.ts';
import { scopesOver, type TradingControl } from '../../domain/trading-control.ts';
import { type CancelFilter, cancelOrders } from './cancel-orders.ts';
import type { Journal } from '../journal.ts';
import { noteConnections } from './note-connections.ts';
import { TakeOverRate } from './take-over-rate.ts';
import type { Turn } from '../turn.ts';

/** Commands that cancel many orders at once or keep new ones out, as turns of the journal. */
export class SafetyCommands implements SafetySwitches {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #takeOvers = new TakeOverRate();

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  async cancelAll(filter: CancelFilter): Promise<readonly RecordedOrder[]> {
    return (await this.#cancelThrough(filter, 'CANCEL_ALL', () => undefined)).canceled;
  }

  async setTradingState(
    asked: Omit<TradingControl, 'changedAt'>,
  ): Promise<{ readonly control: TradingControl; readonly canceled: readonly RecordedOrder[] }> {
    const { scope } = asked;
    let control: TradingControl | undefined;
    const set = (turn: Turn) => {
      control ??= { ...asked, changedAt: turn.now };
      if (turn.state.safety.control(scope) !== control) turn.setControl(control);
      return control;
    };
    if (asked.tradingState !== 'HALTED')
      return { control: await this.#journal.run(set), canceled: [] };
    const accountId = scope.kind === 'desk' ? null : scope.accountId;
    const filter = { accountId, symbol: null, side: null };
    // If this is lost on the way, the rest ends like everything open under a halt.
    const { begun, canceled } = await this.#cancelThrough(filter, 'KILL_SWITCH', set);
    return { control: begun, canceled };
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

  async guardConnections(connections: readonly GuardConnection[]): Promise<boolean> {
    const users = connections.flatMap(({ takeOver }) => takeOver?.userId ?? []);
    const now = () => steadyNow(this.#clock);
    if (users.some((userId) => !this.#takeOvers.permits(userId, now()))) return false;
    // At once, and not only in a turn: while the store is away there is none, and no connection is lost for that.
    // One that is released is reported until a turn has let its orders go.
    const guards = this.#journal.state?.guards;
    for (const { connectionId, lifeMs } of connections)
      guards?.keep(connectionId, lifeMs ?? undefined);
    await this.#journal.runThrough((turn) => {
      const { areAll, changed } = noteConnections(turn, connections);
      for (const userId of users) this.#takeOvers.count(userId, changed, now());
      return areAll;
    });
    return true;
  }

  tradingControls(accountId: AccountId): Promise<TradingControls> {
    return this.#journal.run(({ state: { safety } }) => ({
      effective: safety.tradingState(accountId),
      controls: scopesOver(accountId).flatMap((scope) => safety.control(scope) ?? []),
    }));
  }

  cancelTimer(accountId: AccountId): Promise<number | null> {
    return this.#journal.run(({ state: { safety } }) => safety.timer(accountId));
  }

  /**
   * In as many turns as it takes, with nothing between them.
   * @param begin runs in each of them first
   */
  async #cancelThrough<Begun>(
    filter: CancelFilter,
    reason: CancelReason,
    begin: (turn: Turn) => Begun,
  ): Promise<{ readonly begun: Begun; readonly canceled: readonly RecordedOrder[] }> {
    let begun!: Begun;
    const canceled: RecordedOrder[] = [];
    const ended = new Set<OrderId | null>();
    const spares = ({ link }: RecordedOrder) => ended.has(link.parentOrderId);
    await this.#journal.runThrough((turn) => {
      begun = begin(turn);
      const { orders, areAll } = cancelOrders(turn, { ...filter, spares }, reason);
      for (const { id } of orders) ended.add(id);
      turn.whenStored(() => void canceled.push(...orders));
      return areAll;
    });
    return { begun, canceled };
  }
}

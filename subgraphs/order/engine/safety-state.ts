import type { AccountId } from '#shared/domain/ids.ts';
import {
  type CancelTimer,
  controlKey,
  type ControlScope,
  scopesOver,
  strictest,
  type TradingControl,
  type TradingState,
} from '../domain/trading-control.ts';

/** The switches and timers that the journal obeys, in memory. */
export class SafetyState {
  readonly #controls: Map<string, TradingControl>;
  readonly #timers = new Map<AccountId, number>();
  #halted: readonly (AccountId | null)[];

  constructor(controls: readonly TradingControl[], timers: readonly CancelTimer[]) {
    this.#controls = new Map(controls.map((one) => [controlKey(one.scope), one]));
    this.#halted = this.#findHalted();
    for (const timer of timers) this.setTimer(timer);
  }

  /** Undefined for a switch that was never touched. */
  control(scope: ControlScope): TradingControl | undefined {
    return this.#controls.get(controlKey(scope));
  }

  /** The account's trading state: that of its strictest switch. */
  tradingState(accountId: AccountId): TradingState {
    return strictest(
      scopesOver(accountId).map((scope) => this.control(scope)?.tradingState ?? 'ACTIVE'),
    );
  }

  /** Accounts that are halted; null stands for all of them. */
  get halted(): readonly (AccountId | null)[] {
    return this.#halted;
  }

  /** Sets a switch. */
  setControl(control: TradingControl): void {
    this.#controls.set(controlKey(control.scope), control);
    this.#halted = this.#findHalted();
  }

  /** Sets a timer, again or off. */
  setTimer({ accountId, firesAt }: CancelTimer): void {
    if (firesAt === null) this.#timers.delete(accountId);
    else this.#timers.set(accountId, firesAt);
  }

  /** When the account's timer runs out, milliseconds since the epoch; null while it is off. */
  timer(accountId: AccountId): number | null {
    return this.#timers.get(accountId) ?? null;
  }

  /** Accounts whose timer has run out; at exactly its instant it has. */
  firedTimers(nowMs: number): readonly AccountId[] {
    return [...this.#timers].flatMap(([accountId, at]) => (at <= nowMs ? [accountId] : []));
  }

  #findHalted(): readonly (AccountId | null)[] {
    const scopes = [...this.#controls.values()].flatMap(({ scope, tradingState }) =>
      tradingState === 'HALTED' ? [scope] : [],
    );
    const accounts = scopes.map((scope) => (scope.kind === 'desk' ? null : scope.accountId));
    return accounts.includes(null) ? [null] : [...new Set(accounts)];
  }
}

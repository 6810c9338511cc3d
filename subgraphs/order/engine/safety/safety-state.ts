import type { Clock } from '#shared/domain/clock.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import {
  type CancelTimer,
  controlKey,
  type ControlScope,
  scopesOver,
  strictest,
  type TradingControl,
  type TradingState,
} from '../../domain/trading-control.ts';
import { CancelTimers } from './cancel-timers.ts';

/** The switches and timers that the journal obeys, in memory. */
export class SafetyState {
  readonly #controls: Map<string, TradingControl>;
  readonly #timers: CancelTimers;
  /** Whose orders may be open under a halt; null stands for everyone's. */
  readonly #openHalts = new Set<AccountId | null>();

  constructor(controls: readonly TradingControl[], timers: readonly CancelTimer[], clock: Clock) {
    this.#controls = new Map(controls.map((one) => [controlKey(one.scope), one]));
    for (const { scope } of controls) this.#noteHalt(scope);
    this.#timers = new CancelTimers(timers, clock);
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

  /**
   * Halted accounts whose orders are not known to have ended, null for all accounts. There can be
   * many halted accounts, and only the few that were halted last have orders.
   */
  get openHalts(): readonly (AccountId | null)[] {
    return [...this.#openHalts];
  }

  /** Nothing is open under a halt, and nothing will be: it lets no order in. */
  closeHalt(accountId: AccountId | null): void {
    this.#openHalts.delete(accountId);
  }

  /** Sets a switch. */
  setControl(control: TradingControl): void {
    this.#controls.set(controlKey(control.scope), control);
    this.#noteHalt(control.scope);
  }

  /** Sets a timer, again or off. */
  setTimer(timer: CancelTimer): void {
    this.#timers.set(timer);
  }

  /** When the account's timer runs out, milliseconds since the epoch; null while it is off. */
  timer(accountId: AccountId): number | null {
    return this.#timers.firesAt(accountId);
  }

  /** See {@link CancelTimers.nextFired}. */
  nextFired(): AccountId | undefined {
    return this.#timers.nextFired();
  }

  /** A turn is stored. */
  stored(): void {
    this.#timers.stored();
  }

  /** See {@link CancelTimers.carryOver}. */
  carryOver(before: SafetyState): void {
    this.#timers.carryOver(before.#timers);
  }

  #noteHalt(scope: ControlScope): void {
    const accountId = scope.kind === 'desk' ? null : scope.accountId;
    const scopes: readonly ControlScope[] =
      accountId === null
        ? [scope]
        : [
            { kind: 'account', accountId },
            { kind: 'deskAccount', accountId },
          ];
    if (scopes.some((one) => this.control(one)?.tradingState === 'HALTED'))
      this.#openHalts.add(accountId);
    else this.#openHalts.delete(accountId);
  }
}

import { parseAssetCode, trusted } from '#shared/domain/ids.ts';
import { formatMoney, ZERO_MONEY } from '#shared/domain/money.ts';
import { type AccountKind, DESK_ACCOUNTS, type TradingState } from './account.ts';
import type { LedgerCommand } from './ledger-command.ts';
import { type LedgerChanges, LedgerDraft, type LedgerView } from './ledger-draft.ts';
import type { LedgerAnswer } from './ledger-outcome.ts';
import { runCommand } from './run-command.ts';
import { accountId } from './test-commands.ts';

/** Two clients and the desk, with nothing yet; every asset has a scale of 8. */
const ACCOUNTS: Readonly<Record<string, AccountKind>> = {
  alice: 'CLIENT',
  bob: 'CLIENT',
  [DESK_ACCOUNTS.HOUSE]: 'HOUSE',
  [DESK_ACCOUNTS.FEES]: 'FEES',
  [DESK_ACCOUNTS.EXTERNAL]: 'EXTERNAL',
};

/** A ledger in memory: commands run one after another, and what breaks leaves nothing behind. */
export class TestBooks {
  readonly #draft: LedgerDraft;

  /** @param closed the ids of closed accounts */
  constructor(states: Readonly<Record<string, TradingState>> = {}, closed: readonly string[] = []) {
    const empty: LedgerView = {
      account: (id) => {
        const kind = ACCOUNTS[id];
        if (kind === undefined) return null;
        const isClosed = closed.includes(id);
        const tradingState = states[id] ?? (isClosed ? 'HALTED' : 'ACTIVE');
        return { id, kind, tradingState, isClosed, entrySequence: 0n, balanceSequence: 0n };
      },
      balance: () => null,
      hold: () => null,
      assetScale: (asset) => (['BTC', 'USDT'].includes(asset) ? 8 : null),
      answered: () => null,
      correctedOf: () => ZERO_MONEY,
    };
    this.#draft = new LedgerDraft(empty);
  }

  /** Runs a command in the name of `issuer`. */
  run(command: LedgerCommand, issuer = 'tester'): LedgerAnswer {
    const { answer, draft } = runCommand(this.#draft, issuer, command, 1000);
    if (draft !== null) this.#draft.absorb(draft);
    return answer;
  }

  /** Runs several, each of which has to be answered. @returns the outcome of each, in short */
  runAll(...commands: readonly LedgerCommand[]): string[] {
    return commands.map((command) => short(this.run(command)));
  }

  /** Freezes an account, or ends that. */
  setState(account: string, tradingState: TradingState): void {
    const known = this.#draft.account(accountId(account));
    if (known === null) throw new Error(`there is no account ${account}`);
    this.#draft.putAccount({ ...known, tradingState });
  }

  /** `total = locked + free`, as text. */
  balance(account: string, asset = 'USDT'): string {
    const balance = this.#draft.balance(accountId(account), trusted(parseAssetCode, asset));
    if (balance === null) return 'none';
    const { total, locked, free } = balance;
    return `${formatMoney(total)} = ${formatMoney(locked)} + ${formatMoney(free)}`;
  }

  /** The hold's status and what it placed, settled and released. */
  hold(id: string): string {
    const hold = this.changes().holds.find((known) => known.id === id);
    if (hold === undefined) return 'none';
    const amounts = [hold.placed, hold.settled, hold.released].map((units) => formatMoney(units));
    return `${hold.status} ${amounts.join(' ')}`;
  }

  /** Everything that happened so far. */
  changes(): LedgerChanges {
    return this.#draft.changes();
  }
}

/** An answer in one or two words. */
export function short(answer: LedgerAnswer): string {
  if (answer.kind !== 'answered') return answer.kind;
  const { outcome, replayed } = answer;
  const kind = 'reason' in outcome ? outcome.reason : outcome.kind;
  return replayed ? `${kind} again` : kind;
}

// Connections are cut at random while the clients of two processes repeat whatever was not answered.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { idOf, type LedgerCommand } from '../domain/ledger-command.ts';
import { LedgerRefusedError } from '../domain/ledger-refused-error.ts';
import type { Ledger } from '../domain/ledger.ts';
import { short } from '../domain/test-books.ts';
import {
  deposit,
  money,
  placeHold,
  releaseHold,
  resizeHold,
  settleTrade,
  side,
  transfer,
  withdraw,
} from '../domain/test-commands.ts';
import { ledgerFaults, NO_FAULTS, openTestStores, type TestStores } from './test-stores.ts';

const NAMES = ['anna', 'bert', 'carl', 'dora'] as const;
const CLIENTS = 6;
const ROUNDS = 8;
/** One of that many requests is cut off. */
const CUT_ONE_OF = 4;
const CUT = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user`;

let books: TestStores;
beforeAll(async () => {
  books = await openTestStores();
  for (const name of NAMES) {
    await books.addAccount(name);
    await books.run(deposit(`usdt-${name}`, name, '500'), deposit(`btc-${name}`, name, '9', 'BTC'));
  }
});
afterAll(() => books.close());

const any = (count: number) => Math.floor(Math.random() * count);
const anyName = () => NAMES[any(NAMES.length)] ?? 'anna';

/** The ledgers of two processes, and what they answered. */
class Processes {
  readonly #ledgers: readonly Ledger[];
  readonly #answers = new Map<string, string[]>();
  lost = 0;

  constructor(...ledgers: readonly Ledger[]) {
    this.#ledgers = ledgers;
  }

  /** Sends commands as one call to either process until it is answered. @returns each answer in short */
  async ask(...commands: readonly LedgerCommand[]): Promise<readonly string[]> {
    for (;;) {
      const answer = this.#ledgers[any(this.#ledgers.length)]?.run('tester', commands);
      if (any(CUT_ONE_OF) === 0) await Promise.all([books.sql(CUT), answer?.catch(() => null)]);
      const answers = await answer?.catch(lossOf);
      if (answers != null) return this.#note(commands, answers.map(short));
      this.lost += 1;
    }
  }

  /** The commands that were applied twice, or answered differently. */
  contradictions(): readonly (readonly [string, ...string[]])[] {
    return [...this.#answers].flatMap(([command, answers]) => {
      const kinds = new Set(answers.map((answer) => answer.replace(' again', '')));
      const firsts = answers.filter((answer) => answer === 'applied');
      return kinds.size > 1 || firsts.length > 1 ? [[command, ...answers] as const] : [];
    });
  }

  /** What each process takes to be free, by its refusal of more. */
  async believed(name: string): Promise<readonly unknown[]> {
    const more = withdraw(`more-of-${name}`, name, '1000000');
    const answers = await Promise.all(
      this.#ledgers.map((ledger, number) => ledger.tryOut(`user-${number}`, more)),
    );
    return answers.map((answer) =>
      answer.kind === 'answered' && 'free' in answer.outcome ? answer.outcome.free : answer,
    );
  }

  #note(commands: readonly LedgerCommand[], answers: readonly string[]): readonly string[] {
    commands.forEach((command, index) => {
      const key = `${command.kind} ${idOf(command)}`;
      this.#answers.set(key, [...(this.#answers.get(key) ?? []), answers[index] ?? 'nothing']);
    });
    return answers;
  }
}

/** @throws what was refused: sending it again cannot help */
function lossOf(cause: unknown): null {
  if (cause instanceof LedgerRefusedError) throw cause;
  return null;
}

/** Two orders from their holds to their ends; they meet if both are placed. */
async function trade(processes: Processes, id: string, buyer: string, seller: string) {
  const [buy, sell] = [`${id}-buy`, `${id}-sell`];
  const placed = [
    ...(await processes.ask(placeHold(buy, buyer, '20'))),
    ...(await processes.ask(placeHold(sell, seller, '0.2', 'BTC'))),
  ];
  if (placed.every((answer) => answer.startsWith('applied'))) {
    await processes.ask(resizeHold('growHold', id, buy, buyer, '5'));
    const sides = {
      buyer: side(buyer, { hold: buy, fee: '0.01', release: '1' }),
      seller: side(seller, { hold: sell, fee: '0.01' }),
    };
    await processes.ask(settleTrade(id, { quantity: '0.1', cost: '10', ...sides }));
  }
  await processes.ask(releaseHold(buy, buyer), releaseHold(sell, seller));
}

async function client(processes: Processes, name: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = `${name}-${round}`;
    const [from, to] = [anyName(), anyName()];
    const movements = [
      deposit(id, from, '7'),
      withdraw(id, from, `${any(400)}`),
      transfer(id, from, to, `${any(400)}`),
    ];
    const movement = movements[any(movements.length)] as LedgerCommand;
    await processes.ask(movement);
    if (any(2) === 0) await processes.ask(movement);
    await trade(processes, id, from, from === 'anna' ? 'bert' : 'anna');
  }
}

it('does each thing once and answers it alike, and both processes know what is stored', async () => {
  const other = books.open();
  const processes = new Processes(books.stores.ledger, other.ledger);
  const clients = Array.from({ length: CLIENTS }, (_, number) => client(processes, `c${number}`));
  await Promise.all(clients);
  expect(processes.lost).toBeGreaterThan(0);
  expect(processes.contradictions()).toEqual([]);
  expect(await ledgerFaults(books)).toEqual(NO_FAULTS);
  expect(await books.sql(`SELECT id FROM holds WHERE status = 'PLACED'`)).toEqual([]);
  for (const name of NAMES) {
    const [row] = await books.sql<{ free: string }>(
      `SELECT free::text FROM balances WHERE account_id = $1 AND asset_code = 'USDT'`,
      [name],
    );
    const free = money(row?.free ?? '');
    expect(await processes.believed(name)).toEqual([free, free]);
  }
  await other.close();
});

// The bank test (after Jepsen's): clients move money between accounts at random while others read all of
// them at once; whatever a reader sees, the money is all there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

const ACCOUNTS = 5;
const EACH = 1000;
const WRITERS = 8;
const TRANSFERS = 30;
const READERS = 3;

const ALL_BALANCES = /* GraphQL */ `
  query AllBalances {
    viewer {
      accounts {
        id
        balances {
          total
          locked
          free
        }
      }
    }
  }
`;
const TRANSFER = /* GraphQL */ `
  mutation Transfer($input: TransferInput!) {
    transfer(input: $input) {
      __typename
    }
  }
`;

interface AllBalances {
  readonly viewer: {
    readonly accounts: readonly {
      readonly id: string;
      readonly balances: readonly { readonly total: string; readonly free: string }[];
    }[];
  };
}

let desk: Desk;
let trader: TraderClient;
beforeAll(async () => {
  desk = await shareDesk('still');
  trader = await desk.aTraderWith(ACCOUNTS, { USDT: `${EACH}` });
});
afterAll(() => desk.stop());

async function readAll(): Promise<ReadonlyMap<string, number>> {
  const { viewer } = await trader.request<AllBalances>(ALL_BALANCES);
  return new Map(
    viewer.accounts.map(({ id, balances }) => [
      id,
      balances.reduce((sum, { total }) => sum + Number(total), 0),
    ]),
  );
}

/** A sequence that is the same in every run, different for each writer. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed + 1; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    yield state >>> 8;
  }
}

describe('money that many clients move at once', () => {
  it('is all there in every read, and nobody owes', async () => {
    const ids = [...(await readAll()).keys()];
    const outcomes = new Map<string, number>();
    let isOver = false;
    const write = async (writer: number) => {
      const random = numbers(writer);
      for (let count = 0; count < TRANSFERS; count += 1) {
        const from = random.next().value % ACCOUNTS;
        const to = (from + 1 + (random.next().value % (ACCOUNTS - 1))) % ACCOUNTS;
        const amount = `${1 + (random.next().value % EACH)}`;
        const ends = { fromAccountId: ids[from], toAccountId: ids[to] };
        const transferId = `bank-${writer}-${count}`;
        const { transfer } = await trader.request<{ transfer: { __typename: string } }>(TRANSFER, {
          input: { transferId, ...ends, asset: 'USDT', amount },
        });
        const { __typename: outcome } = transfer;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    };
    const reads: ReadonlyMap<string, number>[] = [];
    const read = async () => {
      while (!isOver) reads.push(await readAll());
    };
    const reading = Array.from({ length: READERS }, read);
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    isOver = true;
    await Promise.all(reading);

    const wrong = reads.filter((balances) => {
      const amounts = [...balances.values()];
      const sum = amounts.reduce((total, amount) => total + amount, 0);
      return sum !== ACCOUNTS * EACH || amounts.some((amount) => amount < 0);
    });
    expect(wrong.map((balances) => Object.fromEntries(balances))).toEqual([]);
    expect(new Set(reads.flatMap((balances) => [...balances.keys()]))).toEqual(new Set(ids));
    expect(reads.length).toBeGreaterThan(READERS);
    // Both happened: money was moved, and too much was refused.
    expect([...outcomes.keys()].sort()).toEqual(['TransferApplied', 'TransferRefused']);
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(WRITERS * TRANSFERS);
  });
});

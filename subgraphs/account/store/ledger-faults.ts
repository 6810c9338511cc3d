import type { FaultName, FaultPoint } from '#shared/faults/fault-point.ts';
import type { LedgerCommand } from '../domain/ledger-command.ts';
import type { LedgerCall } from '../domain/run-batch.ts';

interface Names {
  readonly notStored: FaultName;
  readonly stored: FaultName;
}

const NAMES: Readonly<Partial<Record<LedgerCommand['kind'], Names>>> = {
  placeHold: { notStored: 'hold-not-placed', stored: 'hold-placed' },
  settleTrade: { notStored: 'trade-not-settled', stored: 'trade-settled' },
  releaseHold: { notStored: 'hold-not-released', stored: 'hold-released' },
};

/** Passes the fault point of each order step in a batch, before or after the batch is stored. */
export function passLedgerFaults(
  faults: FaultPoint,
  calls: readonly LedgerCall[],
  when: keyof Names,
): void {
  const kinds = new Set(calls.flatMap(({ commands }) => commands.map(({ kind }) => kind)));
  for (const kind of kinds) {
    const names = NAMES[kind];
    if (names !== undefined) faults(names[when]);
  }
}

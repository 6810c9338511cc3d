import type {
  AcceptLevelCommand,
  LevelAsk,
  LevelJournal,
  OpenedLevels,
} from '../../domain/rfq/level-journal.ts';
import type { AcceptedQuote } from '../../domain/rfq/rfq-journal.ts';
import type { Journal } from '../journal.ts';
import { acceptLevel } from './accept-level.ts';
import { DecidedAccepts } from './decided-accepts.ts';
import type { LevelDesk } from './level-desk.ts';

/** Streams levels; taking one is a turn of the journal. */
export class LevelEngine implements LevelJournal {
  readonly #journal: Journal;
  readonly #desk: LevelDesk;
  readonly #decided = new DecidedAccepts();

  constructor(journal: Journal, desk: LevelDesk) {
    this.#journal = journal;
    this.#desk = desk;
    journal.listen(desk);
    journal.listen(this.#decided);
  }

  open(ask: LevelAsk): OpenedLevels {
    return this.#desk.open(ask);
  }

  accept(command: AcceptLevelCommand): Promise<AcceptedQuote> {
    return this.#journal.run((turn): AcceptedQuote => {
      const made = acceptLevel(turn, this.#desk, command);
      if (made.kind !== 'pending') return made;
      return { ...made, decided: this.#decided.next(made.rfq.id) };
    });
  }
}

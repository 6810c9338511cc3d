import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, getOperationAST, parse } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { DomainError } from '#shared/graphql/domain-error.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { noteReader } from './kept-documents.ts';
import { operationKind } from './operation-kind.ts';
import { principalOf } from './operation-charge.ts';
import { type PlanningTime, tooMuchPlanned } from './planning-time.ts';

/**
 * What takes risk away is read in any state if it has no more lexical tokens and characters than
 * this: several times those of a cancel with all of its answers, and little work. Comments are no
 * tokens, and take as long to read.
 */
const SHORT = { tokens: 200, characters: 10_000 };

/** Whether an operation runs without being read again. */
export type IsPlanned = (asked: SubscribePayload) => boolean;

/** A document that is to be read. */
interface Waiting {
  readonly begin: () => void;
  /** Whether another one like it was read meanwhile. */
  readonly isKnown: () => boolean;
}

/** Who sends a document. */
type Sender = Pick<GatewayContext, 'viewer' | 'origin'>;

/** What is about to be parsed, or validated. */
interface Reading {
  readonly contextValue: GatewayContext;
  readonly document?: DocumentNode | undefined;
}

/**
 * Lets new documents in to be read: one in each turn of the event loop, that of each principal in
 * its turn, and none of a principal whose documents have taken too much time. All else goes on
 * between them.
 */
export class NewDocuments {
  readonly #planning: PlanningTime;
  readonly #isPlanned: IsPlanned;
  /** What waits, by its principal; the one that was served longest ago is first. */
  readonly #lines = new Map<string, Waiting[]>();

  /** @param isPlanned of queries and mutations, by the current version of the schema */
  constructor(planning: PlanningTime, isPlanned: IsPlanned) {
    this.#planning = planning;
    this.#isPlanned = isPlanned;
  }

  /**
   * Waits for the turn of a document if it is new.
   * @param isPrepared whether it is a subscription that runs without being read again
   * @returns why it is not read; null if it is
   */
  async admit(
    sender: Sender,
    asked: SubscribePayload,
    isPrepared: IsPlanned = () => false,
  ): Promise<DomainError | null> {
    const isKnown = () => this.#isPlanned(asked) || isPrepared(asked);
    if (isKnown()) return null;
    const principal = principalOf(sender);
    await this.#turnOf(principal, isKnown);
    const waitMs = isKnown() ? 0 : this.#planning.waitMs(principal);
    return waitMs === 0 || isShortRelief(asked) ? null : tooMuchPlanned(waitMs);
  }

  #turnOf(principal: string, isKnown: () => boolean): Promise<void> {
    return new Promise((begin) => {
      if (this.#lines.size === 0) setImmediate(() => this.#beginNext());
      const line = this.#lines.get(principal);
      if (line === undefined) this.#lines.set(principal, [{ begin, isKnown }]);
      else line.push({ begin, isKnown });
    });
  }

  /** What has become known meanwhile takes no turn: after a start thousands send the same. */
  #beginNext(): void {
    for (const [principal, line] of this.#lines) {
      this.#lines.delete(principal);
      const next = line.shift();
      if (line.length > 0) this.#lines.set(principal, line);
      next?.begin();
      if (next?.isKnown() === false) break;
    }
    if (this.#lines.size > 0) setImmediate(() => this.#beginNext());
  }
}

/** Counts the time in which Apollo Server reads new documents to those who send them, and keeps them as theirs. */
export function countReading(planning: PlanningTime): ApolloServerPlugin<GatewayContext> {
  const count = ({ contextValue, document }: Reading) => {
    const principal = principalOf(contextValue);
    if (document !== undefined) noteReader(document, principal);
    const end = planning.begin(principal);
    return Promise.resolve(() => Promise.resolve(end()));
  };
  const listener = Promise.resolve({ parsingDidStart: count, validationDidStart: count });
  return { requestDidStart: () => listener };
}

function isShortRelief({ query, operationName, variables }: SubscribePayload): boolean {
  if (query.length > SHORT.characters) return false;
  try {
    const document = parse(query, { maxTokens: SHORT.tokens });
    const operation = getOperationAST(document, operationName);
    return operation != null && operationKind(document, operation, variables) === 'relief';
  } catch {
    return false; // too long, or not even GraphQL
  }
}

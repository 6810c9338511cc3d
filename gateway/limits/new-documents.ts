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
 * What takes risk away is read in any state if it has no more lexical tokens than this: several
 * times those of a cancel with all of its answers, and little work.
 */
const SHORT = 200;

/** Whether an operation runs without being read again. */
export type IsPlanned = (asked: SubscribePayload) => boolean;

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
  readonly planning: PlanningTime;
  readonly #isPlanned: IsPlanned;
  /** What waits, by its principal; the one that was served longest ago is first. */
  readonly #lines = new Map<string, (() => void)[]>();

  /** @param isPlanned of queries and mutations, by the current version of the schema */
  constructor(planning: PlanningTime, isPlanned: IsPlanned) {
    this.planning = planning;
    this.#isPlanned = isPlanned;
  }

  /** Waits for the turn of a query or mutation if it is new. @returns why it is not read; null if it is */
  async admit(sender: Sender, asked: SubscribePayload): Promise<DomainError | null> {
    if (this.#isPlanned(asked)) return null;
    const principal = principalOf(sender);
    await this.#turnOf(principal);
    return this.refusalOf(principal, asked);
  }

  /** Why a document that is not known is not read now; null if it can be. */
  refusalOf(principal: string, asked: SubscribePayload): DomainError | null {
    const waitMs = this.planning.waitMs(principal);
    return waitMs === 0 || isShortRelief(asked) ? null : tooMuchPlanned(waitMs);
  }

  #turnOf(principal: string): Promise<void> {
    return new Promise((begin) => {
      if (this.#lines.size === 0) setImmediate(() => this.#beginNext());
      const line = this.#lines.get(principal);
      if (line === undefined) this.#lines.set(principal, [begin]);
      else line.push(begin);
    });
  }

  #beginNext(): void {
    for (const [principal, line] of this.#lines) {
      this.#lines.delete(principal);
      line.shift()?.();
      if (line.length > 0) this.#lines.set(principal, line);
      break;
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
  try {
    const document = parse(query, { maxTokens: SHORT });
    const operation = getOperationAST(document, operationName);
    return operation != null && operationKind(document, operation, variables) === 'relief';
  } catch {
    return false; // too long, or not even GraphQL
  }
}

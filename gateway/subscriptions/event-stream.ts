import type { ServerResponse } from 'node:http';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { hasEnded } from '../identity/authenticate.ts';
import type { Connected } from '../identity/credential-watch.ts';
import type { Identity } from '../identity/identity.ts';
import { Backlog } from './writing/backlog.ts';
import type { Flushable, FlushSchedule } from './writing/flush-schedule.ts';
import { sharedText } from './writing/frame.ts';
import type { ClientSink } from './writing/client-sink.ts';
import type { Swept } from './writing/sweep.ts';

/**
 * A client with more unread bytes in our memory is behind; not less than a response's high mark.
 */
const HIGH_MARK_BYTES = 64 * 1024;
const HEARTBEAT_MS = 12_000;
/** A client that reads nothing for this long is gone. */
const GONE_AFTER_MS = 60_000;
/** An ended stream is cut off if none of what is left of it was read for this long. */
const CLOSE_LIMIT_MS = 2000;

/** Precedes each event's shared text. */
export const NEXT_EVENT = 'event: next\ndata: ';
/** With empty data, because a browser's EventSource would drop an event without any. */
const COMPLETE_EVENT = 'event: complete\ndata: \n\n';
const COMMENT = ':\n\n';

/**
 * One operation's results as server-sent events, in the distinct connections mode of `graphql-sse`.
 * Holds little for a client that does not read: see `ClientSink`.
 */
export class EventStream implements ClientSink, Connected, Swept, Flushable {
  readonly backlog = new Backlog();
  readonly #response: ServerResponse;
  readonly #schedule: FlushSchedule;
  #identity: Identity;
  #iterator: AsyncIterator<never, undefined> | null = null;
  #text = '';
  #wroteAtMs = performance.now();
  /** Null while the client keeps up. */
  #behindSinceMs: number | null = null;
  #isOver = false;
  /** Why its credential is no longer valid, if its operation was under way when that was found. */
  #revokedFor: string | null = null;

  /** @param response whose head has been written */
  constructor(response: ServerResponse, identity: Identity, schedule: FlushSchedule) {
    this.#response = response;
    this.#identity = identity;
    this.#schedule = schedule;
    response.on('drain', () => {
      this.#behindSinceMs = null;
      this.backlog.resume(() => !this.isBehind);
    });
    response.once('close', () => this.#finish());
    response.write(COMMENT); // sends the head now
  }

  get identity(): Identity {
    return this.#identity;
  }

  get isBehind(): boolean {
    return this.#behindSinceMs !== null;
  }

  /** Never when an operation begins: a stream has one. */
  get isFull(): boolean {
    return this.#isOver;
  }

  /** Whether its operation is under way and, as far as is known, not a stream. */
  get isAnswering(): boolean {
    return this.#iterator === null && !this.#isOver;
  }

  append(text: string, prefix = '', isUrgent = false): void {
    if (this.#isOver) return;
    if (this.#text === '' || isUrgent) this.#schedule.add(this, isUrgent);
    this.#text += `${prefix}${text.slice(0, -1)}\n\n`; // the last character closes a message of a socket
    if (this.#text.length > HIGH_MARK_BYTES) this.flush();
  }

  flush(): void {
    const text = this.#text;
    if (text === '' || this.#response.destroyed) return;
    this.#text = '';
    this.#wroteAtMs = performance.now();
    const isTaken = this.#response.write(text, 'latin1');
    if (!isTaken && this.#response.writableLength > HIGH_MARK_BYTES)
      this.#behindSinceMs ??= this.#wroteAtMs;
  }

  /** Runs until the iterator, which yields nothing, ends. @param errorsOf what it can throw */
  follow(
    iterator: AsyncIterator<never, undefined>,
    errorsOf: (failure: unknown) => readonly GraphQLFormattedError[],
  ): void {
    this.#iterator = iterator;
    if (this.#revokedFor !== null) this.revoke(this.#revokedFor);
    if (this.#isOver) return void iterator.return?.();
    iterator.next().then(
      () => this.complete(),
      (failure: unknown) => this.complete({ errors: errorsOf(failure) }),
    );
  }

  /** Ends the stream. @param last a result before that */
  complete(last?: FormattedExecutionResult): void {
    if (this.#isOver) return;
    if (last !== undefined) this.append(sharedText(last), NEXT_EVENT);
    this.flush();
    this.#end(COMPLETE_EVENT);
  }

  /** Breaks the stream off, so that its client connects again, as after a lost connection. */
  breakOff(): void {
    if (this.#isOver) return;
    this.flush();
    this.#end();
  }

  /** Cuts it off. */
  terminate(): void {
    this.#response.destroy();
  }

  renew(viewer: Viewer): void {
    this.#identity = { ...this.#identity, viewer };
  }

  revoke(reason: string): void {
    // A command that is under way is answered, as over HTTP: a refusal would say that it was not done.
    if (this.isAnswering) return void (this.#revokedFor = reason);
    const extensions = { code: DomainErrorCode.UNAUTHENTICATED };
    this.complete({ errors: [{ message: `${reason}.`, extensions }] });
  }

  sweep(nowMs: number, epochMs: number): void {
    if (hasEnded(this.#identity.viewer, epochMs)) this.revoke('Credential expired');
    if (this.#isOver) return; // what is left of it is read under a limit of its own
    const isGone = this.#behindSinceMs !== null && nowMs - this.#behindSinceMs > GONE_AFTER_MS;
    if (isGone) return this.terminate();
    this.backlog.wait(nowMs);
    if (this.isBehind) return;
    if (nowMs - this.#wroteAtMs < HEARTBEAT_MS) return;
    this.#wroteAtMs = nowMs;
    this.#response.write(COMMENT);
  }

  #end(lastWords = ''): void {
    this.#finish();
    this.#response.end(lastWords);
    // By the socket's own measure, which sees that part of a long text was read.
    this.#response.setTimeout(CLOSE_LIMIT_MS, () => this.terminate());
  }

  #finish(): void {
    this.#isOver = true;
    void this.#iterator?.return?.();
  }
}

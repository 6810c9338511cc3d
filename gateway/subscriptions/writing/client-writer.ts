import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { Backlog } from './backlog.ts';
import { ByteCredit } from './byte-credit.ts';
import type { Flushable, FlushSchedule } from './flush-schedule.ts';
import type { ClientSink } from './client-sink.ts';
import { FrameRun } from './frame-run.ts';
import { ScratchMemory } from './scratch-memory.ts';
import { MAX_FRAME_BYTES, pingFrame } from './web-socket-frame.ts';

/**
 * A client with more unread bytes in our memory is behind; not less than a stream's own high mark.
 */
const HIGH_MARK_BYTES = 64 * 1024;
/** Beyond this nothing new is begun for a client. */
const FULL_BYTES = 1024 * 1024;
/**
 * A client that leaves more than this unread is cut off before the next message: its own operations
 * are answered here.
 */
const MOST_BYTES = 4 * 1024 * 1024;
/** By the WebSocket protocol. */
const MAX_REASON_BYTES = 123;

const scratch = new ScratchMemory();

/** The room in a close frame, in whole characters: a reason can quote what the client sent. */
function cut(reason: string): string {
  const bytes = Buffer.from(reason).subarray(0, MAX_REASON_BYTES);
  return new TextDecoder().decode(bytes, { stream: true });
}

/**
 * All that goes out to one client, in order. Events are put together as complete frames and written
 * to the raw socket once for each turn of the schedule; everything else flushes them first.
 *
 * Writing below `ws` is safe because both write complete frames at once; `ws` writes every frame
 * that would not be plain text (an extension) or would follow the close frame.
 *
 * A client that does not read is behind. What to hold back then is not decided here: each part that
 * holds something waits in the backlog until the client has caught up.
 */
export class ClientWriter implements ClientSink, Flushable {
  readonly backlog = new Backlog();
  readonly #webSocket: WebSocket;
  readonly #stream: Duplex;
  readonly #schedule: FlushSchedule;
  readonly #credit = new ByteCredit();
  /** Whether frames are plain text, with no extension to encode them. */
  readonly #isPlain: boolean;
  /** Frames that go before those of the run. */
  #frames = '';
  /** The waiting messages that begin with `#prefix`; null while nothing waits. */
  #run: FrameRun | null = null;
  #prefix = '';
  #isBehind = false;
  #awaitsDrain = false;

  /** @param stream the socket of the upgrade request, which the WebSocket took over */
  constructor(webSocket: WebSocket, stream: Duplex, schedule: FlushSchedule) {
    this.#webSocket = webSocket;
    this.#stream = stream;
    this.#schedule = schedule;
    this.#isPlain = webSocket.extensions === '';
  }

  /** Whether the client has unread data; what can wait should. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Whether the client is so far behind that nothing new can be begun for it. */
  get isFull(): boolean {
    return this.bytes > FULL_BYTES;
  }

  /** Whether a ping goes with what is written next. */
  get isAsking(): boolean {
    return this.#credit.isQuestionDue;
  }

  /** Bytes in our memory for this client alone. */
  get bytes(): number {
    const waiting = this.#frames.length + (this.#run?.bytesWith(this.#prefix) ?? 0);
    return waiting + this.#webSocket.bufferedAmount + this.backlog.bytes;
  }

  append(text: string, prefix = '', isUrgent = false): void {
    const length = prefix.length + text.length;
    if (length > MAX_FRAME_BYTES || !this.#isPlain) {
      this.send(prefix + text);
      return;
    }
    if (this.#run === null || isUrgent) this.#schedule.add(this, isUrgent);
    this.#add(text, prefix);
    this.#credit.use(length);
    if (this.#credit.isUsedUp) this.#fallBehind();
  }

  /** Writes what was appended. */
  flush(): void {
    const run = this.#run;
    if (run === null) return;
    const frames = this.#frames;
    this.#run = null;
    this.#frames = '';
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    const question = this.#credit.question();
    const isAlone = frames === '' && question === null && this.#stream.writableLength === 0;
    const template = isAlone ? run.templateFor(this.#prefix.length) : null;
    // Everything due goes out in one write.
    const ping = question === null ? '' : pingFrame(question);
    const hasRoom =
      template === null
        ? scratch.write(this.#stream, frames + run.framesWith(this.#prefix) + ping)
        : template.write(this.#stream, this.#prefix);
    if (!hasRoom || this.#credit.isUsedUp) this.#noteBacklog();
  }

  /**
   * Sends any message, after what was added before it. Nobody can wait until it is taken: the
   * protocol library would hold the operation's id for so long, and forget whatever has it by then.
   */
  send(text: string): void {
    this.flush();
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    if (this.bytes > MOST_BYTES) return this.#webSocket.terminate();
    this.#webSocket.send(text);
    this.#credit.use(text.length);
    this.#ask();
    this.#noteBacklog();
  }

  /** Closes with a code of the protocol, after what was added before. A long reason is cut. */
  close(code: number, reason: string): void {
    this.flush();
    this.#webSocket.close(code, cut(reason));
  }

  /** Takes the payload of a pong. @returns whether it shows that the client reads */
  answer(payload: Buffer): boolean {
    const isAnswer = this.#credit.answer(payload.toString('latin1'));
    this.#ask();
    this.#look();
    return isAnswer;
  }

  /** Checks it, about once a second. @param isPingDue even if nothing was written */
  sweep(nowMs: number, isPingDue: boolean): void {
    if (this.#credit.sweep(nowMs, isPingDue)) this.#ask();
    this.#look();
    this.backlog.wait(nowMs);
  }

  #add(text: string, prefix: string): void {
    const run = this.#run;
    if (run !== null && prefix === this.#prefix) {
      this.#run = run.and(text);
      return;
    }
    if (run !== null) this.#frames += run.framesWith(this.#prefix);
    this.#run = FrameRun.of(text);
    this.#prefix = prefix;
  }

  /** Sends a ping that is due, by itself. */
  #ask(): void {
    const question = this.#credit.question();
    if (question === null) return;
    this.flush();
    if (this.#webSocket.readyState === WebSocket.OPEN) this.#webSocket.ping(question);
  }

  #noteBacklog(): void {
    if (this.#webSocket.bufferedAmount > HIGH_MARK_BYTES || this.#credit.isUsedUp)
      this.#fallBehind();
  }

  #fallBehind(): void {
    this.#isBehind = true;
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#stream.once('drain', () => {
      this.#awaitsDrain = false;
      this.#look();
    });
  }

  #look(): void {
    const isBehind =
      this.#credit.isUsedUp ||
      this.#credit.isOverdue ||
      this.#webSocket.bufferedAmount > HIGH_MARK_BYTES;
    if (isBehind) return this.#fallBehind();
    this.#isBehind = false;
    this.backlog.resume(() => !this.#isBehind);
  }
}

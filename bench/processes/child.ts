import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Answer, type Question, READY } from './answer-parent.ts';
import { pinCommand } from './cores.ts';

const STOP_LIMIT_MS = 3000;
const KEPT_OUTPUT = 2000;

/** What is started, and where. */
export interface ChildOptions {
  /** What Node runs; an absolute path. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Node's own flags. */
  readonly flags?: readonly string[];
  /** The one core it may use, where the system can say so; any if omitted. */
  readonly core?: number;
  /** Whether it says when it can be asked; a foreign program does not. */
  readonly saysReady?: boolean;
}

/** Memory of a process after a full collection, in bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

/** A process of this run: started, asked, and ended by its own id. */
export class Child {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  #output = '';

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (message: Answer) => this.#waiting.get(message.id)?.(message));
    process.on('exit', () => this.#failAll());
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (text: Buffer) => {
        this.#output = `${this.#output}${text.toString()}`.slice(-KEPT_OUTPUT);
      });
  }

  /** Starts it. @throws Error with the end of its output when it ends before it is ready */
  static async start(options: ChildOptions): Promise<Child> {
    const { file, args = [], flags = [], core, saysReady = true } = options;
    const [command, ...pin] = pinCommand(core);
    const child = spawn(command, [...pin, ...flags, file, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const started = new Child(child);
    if (saysReady) await started.#ready();
    return started;
  }

  /** Its process id. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** @throws Error if it fails to answer, or has ended */
  async ask<Output>(method: string, input: unknown = null): Promise<Output> {
    const id = (this.#lastId += 1);
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      if (!this.#process.connected) return resolve({ id, failure: this.#ended() });
      this.#process.send({ id, method, input } satisfies Question);
    });
    this.#waiting.delete(id);
    if (answer.failure !== undefined) throw new Error(answer.failure);
    return answer.output as Output;
  }

  /** What it last said, when it has ended by itself; null while it runs. */
  get lastWords(): string | null {
    return this.#hasEnded ? this.#ended() : null;
  }

  /** Asks it to end; after a while it is made to. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const forced = setTimeout(() => this.#process.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(forced);
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  async #ready(): Promise<void> {
    const message = await Promise.race([
      once(this.#process, 'message'),
      once(this.#process, 'exit').then(() => null),
    ]);
    if (message?.[0] !== READY) throw new Error(this.#ended());
  }

  #failAll(): void {
    for (const [id, answer] of this.#waiting) answer({ id, failure: this.#ended() });
  }

  #ended(): string {
    return `A process of the benchmark has ended: ${this.#output}`;
  }
}

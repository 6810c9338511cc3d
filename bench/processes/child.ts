import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Answer, type Question, READY } from './answer-parent.ts';
import { pinCommand } from './cores.ts';

const STOP_LIMIT_MS = 3000;
const KEPT_OUTPUT = 2000;
/** Flags with which Node runs TypeScript. */
export const TSX: readonly string[] = ['--import', import.meta.resolve('tsx')];

/** What to start, and where. */
export interface ChildOptions {
  /** The file that Node runs, or its absolute path; TypeScript is run by tsx. */
  readonly file: URL | string;
  readonly args?: readonly string[];
  /** Flags for Node itself. */
  readonly flags?: readonly string[];
  /** The only core it can use, if the system supports that; any core if omitted. */
  readonly core?: number;
  /** Whether it reports when it is ready for questions; a foreign program does not. */
  readonly saysReady?: boolean;
}

/** The memory of a process after a full garbage collection, in bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

/** A process of this run: it is started, asked, and ended by its process id. */
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

  /** Starts a process. @throws Error with the end of its output if it ends before it is ready */
  static async start(options: ChildOptions): Promise<Child> {
    const { file, args = [], flags = [], core, saysReady = true } = options;
    const [command, ...pin] = pinCommand(core);
    const path = file instanceof URL ? fileURLToPath(file) : file;
    const loader = path.endsWith('.ts') ? TSX : [];
    const child = spawn(command, [...pin, ...loader, ...flags, path, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const started = new Child(child);
    if (saysReady) await started.#ready();
    return started;
  }

  /** The process id. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Asks the process. @throws Error if it fails to answer, or has ended */
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

  /** The end of its output, if it ended by itself; null while it runs. */
  get lastWords(): string | null {
    return this.#hasEnded ? this.#ended() : null;
  }

  /** Asks the process to end; kills it if it does not in time. */
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

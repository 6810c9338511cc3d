import { type ChildProcess, fork } from 'node:child_process';
import type { ScryptOptions } from 'node:crypto';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./scrypt-process.js', import.meta.url));
/**
 * How much it steps back, from 0 to 19. For one user alone it gets a third of what others get who are
 * at work. While more wait, it is a flood, and gets what all others leave: a process at 5 that is at work
 * lets another wait for milliseconds each time it wakes, one at 19 for next to nothing.
 */
const NICENESS = { alone: 5, crowd: 19 } as const;

/** Whom a process hashes for. */
export type HashingFor = keyof typeof NICENESS;

/** One password to be hashed. */
export interface HashTask {
  readonly password: string;
  readonly salt: Buffer;
  readonly length: number;
  readonly settings: ScryptOptions;
}

type Answer = { readonly hash: Uint8Array } | { readonly failure: string };

/**
 * A process that does nothing but hash, one password at a time. A thread would not do: the 128 MiB of
 * each hash are taken and given back under a lock of the whole process, and a thread that steps back
 * while it has that lock lets all others wait.
 */
export class ScryptProcess {
  readonly #child: ChildProcess;

  constructor(hashingFor: HashingFor) {
    this.#child = fork(PROGRAM, [], {
      execArgv: [],
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    if (this.#child.pid !== undefined) setPriority(this.#child.pid, NICENESS[hashingFor]);
    this.#child.on('error', () => undefined); // whoever waits hears of it by itself
    this.#rest();
  }

  /** Its process id, for who watches it; undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it can be asked. */
  get isAlive(): boolean {
    return this.#child.connected;
  }

  /** @throws Error if it cannot be hashed so, or the process has ended */
  async derive(task: HashTask): Promise<Buffer> {
    this.#child.ref();
    this.#child.channel?.ref();
    try {
      const answer = await this.#ask(task);
      if ('failure' in answer) throw new Error(answer.failure);
      return Buffer.from(answer.hash);
    } finally {
      this.#rest();
    }
  }

  /** Ends it, whatever it does. */
  close(): void {
    this.#child.kill('SIGKILL');
  }

  #ask(task: HashTask): Promise<Answer> {
    const child = this.#child;
    return new Promise<Answer>((resolve, reject) => {
      const settle = () => {
        child.off('message', onAnswer);
        child.off('exit', onEnd);
        child.off('error', onEnd);
      };
      const onAnswer = (answer: Answer) => {
        settle();
        resolve(answer);
      };
      const onEnd = () => {
        settle();
        reject(new Error('The process that hashes passwords has ended.'));
      };
      child.on('message', onAnswer).once('exit', onEnd).once('error', onEnd);
      child.send(task, (cause) => cause !== null && onEnd());
    });
  }

  /** While it has nothing to do it keeps nobody from ending. */
  #rest(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }
}

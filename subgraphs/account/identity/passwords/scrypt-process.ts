import { type ChildProcess, fork } from 'node:child_process';
import type { ScryptOptions } from 'node:crypto';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./scrypt-process.js', import.meta.url));
/**
 * The scheduling priority, from 0 to 19 (lowest). For a single user it gets a third of the time that other busy processes
 * get. While more users wait it may be a flood, and gets only what the others leave: a busy process at 5 delays another
 * by milliseconds each time that wakes, one at 19 by almost nothing.
 */
const NICENESS = { alone: 5, crowd: 19 } as const;

/** Whether a process hashes for a single user or while others wait. */
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
 * A process that only hashes, one password at a time. A thread would not do: the 128 MiB of each hash are allocated and
 * freed under a lock of the whole process, and a low-priority thread that holds this lock makes all others wait.
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
    this.#child.on('error', () => undefined); // a caller that waits is notified separately
    this.#rest();
  }

  /** Its process id; undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it can take a task. */
  get isAlive(): boolean {
    return this.#child.connected;
  }

  /** @throws Error if the settings are not valid for scrypt, or the process has ended */
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

  /** Ends it at once, even during a task. */
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

  /** An idle process does not keep its parent from exiting. */
  #rest(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }
}

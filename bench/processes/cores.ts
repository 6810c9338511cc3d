import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** The core reserved for what is measured. */
export const SERVER_CORE = 0;
/** The core that clients and sources share. */
export const CLIENT_CORE = 1;

/** Whether the system can keep a process on one core, and has at least two. */
export const canPin: boolean = cpus().length > 1 && hasTaskset();

/** The command that runs Node, on one core if one is named and the system supports it. */
export function pinCommand(core?: number): readonly [string, ...string[]] {
  return canPin && core !== undefined
    ? ['taskset', '-c', String(core), process.execPath]
    : [process.execPath];
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

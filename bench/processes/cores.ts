import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** What is measured has this core to itself. */
export const SERVER_CORE = 0;
/** Clients and sources share this one. */
export const CLIENT_CORE = 1;

/** Whether the system can keep a process on one core, and has two of them. */
export const canPin: boolean = cpus().length > 1 && hasTaskset();

/** The command that runs Node, on one core only where one is named and that is possible. */
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

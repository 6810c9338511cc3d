import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** The processor time that a process has used so far, in seconds; 0 if the system does not show it. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** The same for a process and its children together, in seconds. */
export function cpuSecondsOfTree(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + cpuSecondsOf(child), cpuSecondsOf(pid));
}

function childrenOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The processor time that all programs of the machine have used so far, in seconds, without interrupts. */
export function cpuSecondsOfAll(): number {
  try {
    const [, user, nice, system] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 4);
    return (Number(user) + Number(nice) + Number(system)) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

// A thread that hashes one password after the other. It is plain JavaScript, so that it starts at once
// and needs nothing loaded.
import { scryptSync } from 'node:crypto';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

// On Linux this is the thread's alone; elsewhere it would be the whole process'.
if (process.platform === 'linux') setPriority(workerData.niceness);

parentPort.on('message', ({ password, salt, length, settings }) => {
  parentPort.postMessage(scryptSync(password, salt, length, settings));
});

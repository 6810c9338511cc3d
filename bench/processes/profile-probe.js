// Loaded before a server's own code: samples its processor time when it is asked to. Plain JavaScript,
// because one peer brings its own loader.
import { Session } from 'node:inspector/promises';

const SAMPLE_US = 500;
const session = new Session();
session.connect();

process.on('message', async (message) => {
  if (message?.method === 'startProfile') {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
    await session.post('Profiler.start');
    process.send?.({ id: message.id, output: null });
  } else if (message?.method === 'stopProfile') {
    const { profile } = await session.post('Profiler.stop');
    process.send?.({ id: message.id, output: profile });
  }
});

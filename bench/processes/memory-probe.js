// Loaded before a server's own code, the same for ours and for every peer: tells the memory in use
// after a full collection, and ends the process with its parent. Plain JavaScript, because one peer
// brings its own loader.
const PAUSE_MS = 100; // freed pages go back to the system a little later

process.on('message', async (message) => {
  if (message?.method !== 'memory') return;
  for (let times = 0; times < 2; times += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ id: message.id, output: { rss, heapUsed } });
});
process.once('disconnect', () => process.exit());

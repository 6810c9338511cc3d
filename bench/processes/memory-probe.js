// Loaded before a server's own code, the same for ours and for every peer: tells the memory in use
// after a full collection, and ends the process with its parent. Plain JavaScript, because one peer
// brings its own loader.
process.on('message', (message) => {
  if (message?.method !== 'memory') return;
  globalThis.gc?.();
  setImmediate(() => {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    process.send?.({ id: message.id, output: { rss, heapUsed } });
  });
});
process.once('disconnect', () => process.exit());

// Loaded into every process of a desk: its standard input is a pipe from the tests that started it, and
// closes when they end, however that comes.
process.stdin.on('close', () => process.exit(0));
process.stdin.resume();
(process.stdin as unknown as { unref(): void }).unref();

// A process that hashes one password after the other, and ends with the one that started it. It is
// plain JavaScript, so that it starts at once and needs nothing loaded.
import { scryptSync } from 'node:crypto';

process.on('message', ({ password, salt, length, settings }) => {
  try {
    process.send({ hash: scryptSync(password, salt, length, settings) });
  } catch (cause) {
    process.send({ failure: String(cause) });
  }
});
process.on('disconnect', () => process.exit());

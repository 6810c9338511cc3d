import { startFixture } from './fixture/start-fixture.ts';
import * as v from './variants.ts';
import { Child } from './processes/child.ts';
import { quotesOperation } from './feed/operations.ts';
import { readFileSync } from 'node:fs';
const fixture = await startFixture();
for (const name of process.argv[2]!.split(',')) {
  const variant = name === 'hive' ? v.hive : name === 'ours' ? v.ours : v.inProcess(name as 'ws');
  const server = await variant.start(fixture);
  const client = await Child.start({
    file: '/work/main/bench/client/main.ts',
    core: 1,
    flags: ['--import', import.meta.resolve('tsx')],
  });
  let last: any;
  for (let n = 0; n <= 3000; n += 500) {
    if (n > 0)
      await client
        .ask('connect', {
          endpoint: server.endpoint,
          clients: 500,
          operation: quotesOperation(1),
          controlPort: server.controlPort,
        })
        .catch(async (e) => {
          console.log(String(e).slice(0, 80));
          await server.child.ask('memory').then(console.log, (x) => console.log(String(x)));
          process.exit(1);
        });
    const m = await server.child.ask<any>('memory');
    const pss = /Pss:\s+(\d+)/.exec(
      readFileSync(`/proc/${server.child.pid}/smaps_rollup`, 'utf8'),
    )![1];
    const anon = /Anonymous:\s+(\d+)/.exec(
      readFileSync(`/proc/${server.child.pid}/smaps_rollup`, 'utf8'),
    )![1];
    console.log(
      name,
      n,
      'rss',
      m.rss >> 10,
      'heap',
      m.heapUsed >> 10,
      'anon',
      anon,
      last
        ? `per socket rss ${((m.rss - last.rss) / 1024 / 500).toFixed(1)} heap ${((m.heapUsed - last.heapUsed) / 1024 / 500).toFixed(1)} anon ${((+anon! - last.anon) / 500).toFixed(1)}`
        : '',
    );
    last = { ...m, anon: +anon! };
  }
  await client.stop();
  await server.child.stop();
}
await fixture.stop();

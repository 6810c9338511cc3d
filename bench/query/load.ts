import { Pool } from 'undici';
import { answerParent } from '../processes/answer-parent.ts';
import { quantileOfSorted } from '../rows.ts';

const CONNECTIONS = 50;

/** What one server did under 50 connections that ask all the time. */
export interface QueryFigures {
  readonly count: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** What is asked of whom, and how long. */
interface QueryLoad {
  readonly port: number;
  readonly bodies: readonly string[];
  readonly seconds: number;
}

answerParent({
  run: async ({ port, bodies, seconds }: QueryLoad): Promise<QueryFigures> => {
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS });
    const latencies: number[] = [];
    const start = performance.now();
    const end = start + seconds * 1000;
    let next = 0;
    const ask = async () => {
      while (performance.now() < end) {
        const began = performance.now();
        await post(pool, bodies[(next += 1) % bodies.length] ?? '');
        latencies.push(performance.now() - began);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, ask));
    const perSecond = latencies.length / ((performance.now() - start) / 1000);
    const sorted = latencies.sort((a, b) => a - b);
    await pool.close();
    const [p50, p99] = [quantileOfSorted(sorted, 0.5), quantileOfSorted(sorted, 0.99)];
    return { count: latencies.length, perSecond, p50, p99 };
  },
  ask: async ({ port, bodies }: Pick<QueryLoad, 'port' | 'bodies'>) => {
    const pool = new Pool(`http://127.0.0.1:${port}`);
    const answers: string[] = [];
    for (const body of bodies) answers.push(await post(pool, body));
    await pool.close();
    return answers;
  },
});

/** @throws Error for an answer that is none */
async function post(pool: Pool, body: string): Promise<string> {
  const response = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
  });
  const text = await response.body.text();
  if (response.statusCode !== 200 || !text.includes('"data"') || text.includes('"errors"'))
    throw new Error(`HTTP ${response.statusCode}: ${text.slice(0, 200)}`);
  return text;
}

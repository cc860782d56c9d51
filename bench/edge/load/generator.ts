// The load, in a process of its own: whoever measures would otherwise wait for it.
import { openConnection } from './connection.ts';
import type { LoadOrder, LoadReply, LoadResult } from './protocol.ts';

function shareOf(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

async function generate({ port, requests, milliseconds }: LoadOrder): Promise<LoadResult> {
  const connections = await Promise.all(
    requests.map((request) => openConnection(port, Buffer.from(request, 'base64'))),
  );
  try {
    const latencies: number[] = [];
    const cpu = process.cpuUsage();
    const started = performance.now();
    const until = started + milliseconds;
    const answered = (each: number, now: number) => {
      latencies.push(each);
      return now < until;
    };
    await Promise.all(connections.map(({ run }) => run(answered)));
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const sorted = Float64Array.from(latencies).sort();
    return {
      requests: sorted.length,
      seconds,
      latency: {
        p50: shareOf(sorted, 0.5),
        p90: shareOf(sorted, 0.9),
        p99: shareOf(sorted, 0.99),
      },
      cpu: (user + system) / 1e6,
    };
  } finally {
    for (const { close } of connections) close();
  }
}

process.on('message', async (order: LoadOrder) => {
  let reply: LoadReply;
  try {
    reply = { kind: 'done', result: await generate(order) };
  } catch (error) {
    reply = { kind: 'failed', why: (error as Error).message };
  }
  process.send?.(reply);
});

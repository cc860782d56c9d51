// `npm run bench -- edge`: the Worker as deployed, in workerd, beside a Hono route that does nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext, Benchmark, CaseFigures } from '../benchmark.ts';
import { CPU_CASES } from './cpu-case.ts';
import { CONNECTIONS, type EdgeCase } from './edge-case.ts';
import { startLoad } from './load/load.ts';
import { PREDICT_CASES } from './predict-case.ts';
import { createBenchBundle, prepareServer } from './requests.ts';
import { startServer } from './server.ts';
import { startUpCase } from './start-up-case.ts';

const TRIVIAL = fileURLToPath(new URL('./trivial/wrangler.toml', import.meta.url));

const EDGE_CASES: readonly EdgeCase[] = [...PREDICT_CASES, ...CPU_CASES, startUpCase];

/** Servers and load for one case: the next begins with none of its caches. */
async function runCase(found: EdgeCase, context: BenchContext): Promise<readonly CaseFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-bench-'));
  const closing: (() => unknown)[] = [];
  try {
    const edge = await startServer(join(folder, 'edge'));
    closing.push(edge.stop);
    const trivial = await startServer(join(folder, 'trivial'), TRIVIAL);
    closing.push(trivial.stop);
    const load = startLoad();
    closing.push(load.close);
    const bundle = await createBenchBundle();
    const keys = await prepareServer(edge, bundle, CONNECTIONS);
    return await found.run({ ...context, load, edge, trivial, bundle, keys });
  } finally {
    for (const close of closing.reverse()) await close();
    await rm(folder, { recursive: true, force: true });
  }
}

export const edgeBenchmark: Benchmark = {
  name: 'edge',
  summary: 'the edge under load, its processor time and its start, in workerd',
  cases: EDGE_CASES,
  setup: async () => 'nothing to install',
  async open(context) {
    return {
      facts: { connections: CONNECTIONS },
      async run(name) {
        const found = EDGE_CASES.find((each) => each.name === name);
        if (found === undefined) throw new RangeError(`There is no case '${name}'`);
        return runCase(found, context);
      },
    };
  },
};

// Milliseconds from starting workerd on the Worker as deployed to its first answer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildWorker } from '../../edge/self-host/build-worker.ts';
import { findWorkerd } from '../../edge/self-host/find-workerd.ts';
import { freePort } from '../../trainer/demo/free-port.ts';
import { median, summarise } from '../figures.ts';
import { type EdgeCase, ROUNDS } from './edge-case.ts';

const EDGE = fileURLToPath(new URL('../../wrangler.toml', import.meta.url));
const TRIVIAL = fileURLToPath(new URL('./trivial/wrangler.toml', import.meta.url));

/** Configuration of plain `workerd serve` for the modules of a folder; no bindings. */
function configOf(names: readonly string[], port: number): string {
  const modules = names.map((name) => {
    const kind = name.endsWith('.wasm') ? 'wasm' : 'esModule';
    return `(name = "${name}", ${kind} = embed "${name}")`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-08-22",
  modules = [${modules.join(', ')}]
);
`;
}

async function answered(port: number, path: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    if (response?.ok) return;
    await setTimeout(1);
  }
}

async function startOnce(folder: string, path: string): Promise<number> {
  // The first module is the entry, and `js` comes before `wasm`.
  const names = (await readdir(folder))
    .filter((name) => /\.(js|wasm)$/.test(name))
    .toSorted((one, other) => one.split('.').at(-1)!.localeCompare(other.split('.').at(-1)!));
  const port = await freePort();
  await writeFile(join(folder, 'config.capnp'), configOf(names, port));
  const started = performance.now();
  const child = spawn(findWorkerd(), ['serve', join(folder, 'config.capnp')], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const over = new AbortController();
  try {
    await Promise.race([
      answered(port, path, over.signal),
      ended.then(([code]) => {
        throw new Error(`workerd ended with ${code}`);
      }),
    ]);
    return performance.now() - started;
  } finally {
    over.abort();
    child.kill('SIGKILL');
    await ended;
  }
}

async function gzipBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => /\.(js|wasm)$/.test(name));
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return files.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).byteLength, 0);
}

export const startUpCase: EdgeCase = {
  name: 'start-up',
  summary: 'workerd from its start to the first answer of the Worker as deployed, ms',
  optIn: false,
  async run({ repetitions = ROUNDS, signal, line }) {
    const root = await mkdtemp(join(tmpdir(), 'dandan-bench-start-'));
    try {
      const [edge, trivial] = [join(root, 'edge'), join(root, 'trivial')];
      await buildWorker({ folder: edge, configFile: EDGE, signal });
      await buildWorker({ folder: trivial, configFile: TRIVIAL, signal });
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < repetitions; round++) {
        signal.throwIfAborted();
        ours.push(await startOnce(edge, '/healthz'));
        theirs.push(await startOnce(trivial, '/'));
      }
      const made = summarise({
        name: 'start-up',
        unit: 'ms',
        ours,
        peers: { 'trivial-route': theirs },
        details: {
          /** Reading, compiling and evaluating what the Worker has beyond Hono. */
          evaluationMs: Number((median(ours) - median(theirs)).toPrecision(3)),
          gzipBytes: await gzipBytes(edge),
        },
      });
      line(
        `start-up: ${made.ours} ms; ${JSON.stringify(made.peers)}; ${JSON.stringify(made.details)}`,
      );
      return [made];
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
};

// The edge as its user starts it: wrangler's local Workers runtime with D1 and R2 in
// a folder of the demo.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd, startProcess } from '../process/guarded-process.ts';
import { ProcessFailure } from '../process/process-failure.ts';
import { waitUntil } from '../process/wait-until.ts';
import { freePort } from './free-port.ts';

export interface DemoEdge extends AsyncDisposable {
  readonly url: string;
  readonly operatorKey: string;
  /** Aborts when the edge ends by itself. */
  readonly ended: AbortSignal;
}

/** Wrangler must neither phone home nor look for an account. */
const OFFLINE = {
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  CI: '1',
};

/** Two cores that also train need up to half a minute; more means that it will not come. */
const START_MS = 90_000;

const healthy = (url: string) =>
  fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );

/** Between choosing a free port and wrangler's taking it, another program may be quicker. */
const PORT_TRIES = 5;

const portTaken = (error: unknown) =>
  error instanceof ProcessFailure && /address already in use/i.test(error.output);

export interface StartEdgeOptions {
  /** Folder of wrangler.toml. */
  readonly root: string;
  /** Where the edge keeps its data. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** @default {a free port of the system's choice} */
  readonly choosePort?: () => Promise<number>;
}

/** @throws {ProcessFailure} when wrangler fails; the signal's reason when aborted. */
export async function startEdge(options: StartEdgeOptions): Promise<DemoEdge> {
  const { root, folder, signal, choosePort = freePort } = options;
  const operatorKey = `demo-${randomBytes(24).toString('base64url')}`;
  // A file, not an argument: process lists show arguments to everyone.
  const secrets = join(folder, 'edge.env');
  await writeFile(secrets, `OPERATOR_KEY=${operatorKey}\n`, { mode: 0o600 });
  const state = join(folder, 'edge');
  // Wrangler leaves files in the temporary folder; this one goes with the demo.
  const wrangler = { command: 'wrangler', cwd: root, env: { ...OFFLINE, TMPDIR: folder } };
  const migrate = ['d1', 'migrations', 'apply', 'dandan-registry', '--local'];
  await runToEnd(
    { ...wrangler, name: 'edge migrations', args: [...migrate, '--persist-to', state] },
    signal,
  );
  async function serve(): Promise<DemoEdge> {
    const port = await choosePort();
    const url = `http://127.0.0.1:${port}`;
    const args = ['dev', '--local', '--ip', '127.0.0.1', '--port', String(port)];
    const extra = ['--inspector-port', '0', '--persist-to', state, '--env-file', secrets];
    const edge = startProcess({ ...wrangler, name: 'edge', args: [...args, ...extra] });
    try {
      await waitUntil(() => healthy(url), {
        what: 'The edge',
        timeoutMs: START_MS,
        signal,
        process: edge,
      });
    } catch (error) {
      await edge[Symbol.asyncDispose]();
      throw error;
    }
    const { ended } = edge;
    return { url, operatorKey, ended, [Symbol.asyncDispose]: () => edge[Symbol.asyncDispose]() };
  }

  for (let attempt = 1; ; attempt++) {
    try {
      return await serve();
    } catch (error) {
      if (attempt === PORT_TRIES || !portTaken(error)) throw error;
    }
  }
}

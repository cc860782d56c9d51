// The edge as its user starts it on a server of their own, with its data in a folder of the demo.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startProcess } from '../process/guarded-process.ts';
import { ProcessFailure } from '../process/process-failure.ts';
import { waitUntil } from '../process/wait-until.ts';
import { freePort } from './free-port.ts';

export interface DemoEdge extends AsyncDisposable {
  readonly url: string;
  readonly operatorKey: string;
  /** Aborts when the edge ends by itself. */
  readonly ended: AbortSignal;
}

/** It builds the Worker first; two cores that also train need a while. More means that it will not come. */
const START_MS = 90_000;

const healthy = (url: string) =>
  fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );

/** Between choosing a free port and the edge's taking it, another program may be quicker. */
const PORT_TRIES = 5;

const portTaken = (error: unknown) =>
  error instanceof ProcessFailure && error.output.includes('address-in-use');

export interface StartEdgeOptions {
  /** Where the edge keeps its data. */
  readonly folder: string;
  /** A wrangler.toml. @default {that of the project} */
  readonly config?: string | undefined;
  readonly signal: AbortSignal;
  /** @default {a free port of the system's choice} */
  readonly choosePort?: () => Promise<number>;
}

/** @throws {ProcessFailure} when the edge fails; the signal's reason when aborted. */
export async function startEdge(options: StartEdgeOptions): Promise<DemoEdge> {
  const { folder, config, signal, choosePort = freePort } = options;
  const operatorKey = `demo-${randomBytes(24).toString('base64url')}`;
  // Not an argument: process lists show arguments to everyone.
  const env = { OPERATOR_KEY: operatorKey };

  async function serve(): Promise<DemoEdge> {
    const port = await choosePort();
    const url = `http://127.0.0.1:${port}`;
    const args = ['serve', '--data', join(folder, 'edge'), '--port', String(port)];
    if (config !== undefined) args.push('--config', config);
    const edge = startProcess({ name: 'edge', command: 'dandan-edge', args, env });
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

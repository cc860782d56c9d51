// An edge of its own, filled like a plant's, with a month behind it.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type EdgeProcess,
  freePort,
  startEdge,
  temporaryFolder,
} from '../../self-host/testing/edge-process.ts';
import { type Client, fillEdge } from './fill-edge.ts';
import { insertHistory } from './history.ts';
import { createPlant, type Plant } from './plant.ts';

/** Building takes seconds beside other tests; meters tell D1 every ten seconds. */
const READY_MS = 60_000;

const POLL_MS = 100;

/** What the tests label, and some more for the pictures. */
const MIN_CASES = 8;

export interface StartedPlant {
  readonly url: string;
  readonly plant: Plant;
  /** The operator's. */
  readonly key: string;
  /** With that key. */
  readonly edge: Client;
  stop(): Promise<void>;
}

/** Without a test's own clock: pictures are taken by the same edge. @throws after {@linkcode READY_MS}. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Still no ${what}`);
    await setTimeout(POLL_MS);
  }
}

async function stop({ child, ended }: EdgeProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

async function start(data: string, port: number): Promise<EdgeProcess> {
  const edge = await startEdge({ data, port });
  try {
    await until('answer', async () => {
      if (edge.child.exitCode !== null) throw new Error(JSON.stringify(edge.log));
      const response = await fetch(`${edge.url}/healthz`).catch(() => undefined);
      return response?.ok === true;
    });
  } catch (error) {
    await stop(edge);
    throw error;
  }
  return edge;
}

/** @returns a client of the edge once it has told what the tests need. */
async function fill(url: string, data: string, plant: Plant) {
  const key = (await readFile(join(data, 'operator-key'), 'utf8')).trim();
  const edge = await fillEdge({ url, key, plant });
  await until('hard cases', async () => {
    const { cases } = await edge('get', '/v1/hard-cases', { query: { model: 'press' } });
    return cases.length >= MIN_CASES;
  });
  return { key, edge };
}

/** Leaves no process and no folder behind where it fails. */
export async function startPlant(): Promise<StartedPlant> {
  const [data, port, plant] = await Promise.all([temporaryFolder(), freePort(), createPlant()]);
  const remove = () => rm(data, { recursive: true, force: true });
  let running: EdgeProcess | undefined;
  try {
    running = await start(data, port);
    const { url } = running;
    const filled = await fill(url, data, plant);
    await stop(running);
    insertHistory(data, plant);
    const again = await start(data, port);
    running = again;
    return {
      url,
      plant,
      ...filled,
      async stop() {
        await stop(again);
        await remove();
      },
    };
  } catch (error) {
    if (running) await stop(running);
    await remove();
    throw error;
  }
}

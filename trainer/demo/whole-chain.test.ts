// The demo for real: training, the edge with D1 and R2, broker, gateway, an hour of telemetry.
import { readdir, readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { runDemo } from './run-demo.ts';

/** Training takes 20–30 s on two free cores; CI's are busy. */
const LIMIT_MS = 300_000;
const HOUR_MS = 3_600_000;
const MACHINES = 24;
/**
 * A row every five minutes and machine, but for the first window of the hour, which is not
 * whole, and the last, which no later sample completes.
 */
const ROWS = MACHINES * (60 / 5 - 2);

/** Command lines of all processes that name `text`; empty where there is no /proc. */
async function processesNaming(text: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.filter((command) => command.includes(text));
}

test(
  'runDemo() answers every row once, at gateway and edge, and leaves nothing behind',
  async () => {
    const temporary = await temporaryFolder();
    vi.stubEnv('TMPDIR', temporary);
    const seen: string[] = [];
    const figures = await runDemo({
      seed: 1,
      once: true,
      dayMs: HOUR_MS,
      samplesPerSecond: 20_000,
      signal: new AbortController().signal,
      line: (text) => seen.push(text),
    }).finally(() => vi.unstubAllEnvs());
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(figures).toMatchObject({ lost: 0, duplicated: 0 });
    const { byStage, byTier, escalations, bytesUp, teacher, mlp, accuracy } = figures;
    expect(byStage.reduce((a, b) => a + b)).toBe(ROWS);
    expect(byTier.gateway + byTier.edge).toBe(ROWS);
    expect(byTier.gateway, 'stage 1 is the gateway').toBe(byStage[0]);
    expect(byTier.edge, 'some rows are too hard for stage 1').toBeGreaterThan(0);
    expect(escalations).toBe(byTier.edge);
    expect(bytesUp).toBeGreaterThan(escalations * 25);
    expect(teacher - mlp, 'the plant is not trivially separable').toBeGreaterThan(5);
    expect(accuracy).toBeGreaterThan(50);
    expect(await readdir(temporary)).toEqual([]);
    expect(await processesNaming(temporary)).toEqual([]);
  },
  LIMIT_MS,
);

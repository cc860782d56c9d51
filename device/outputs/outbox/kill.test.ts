// A process that is killed while it writes: everything that was accepted is there, once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openOutbox } from './outbox.ts';

const WRITER = fileURLToPath(new URL('./testing/writer.ts', import.meta.url));

/** Enough to hit commits, checkpoints and openings; a start takes a fifth of a second. */
const KILLS = 15;

/** Starts a writer, kills it after so many lines, and returns the whole lines it wrote. */
async function writeAndKill(file: string, run: number, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, file, `${run}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const done = once(reader, 'close');
  reader.on('line', (line) => {
    if (said.push(line) === lines) child.kill('SIGKILL');
  });
  await Promise.all([done, once(child, 'exit')]);
  return said;
}

test('kill -9 at any moment loses nothing accepted, keeps nothing twice, brings nothing answered back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dandan-kill-'));
  const file = join(folder, 'outbox.sqlite');
  const accepted = { p: new Set<string>(), e: new Set<string>(), r: new Set<string>() };
  let seed = 1;
  try {
    for (let run = 0; run < KILLS; run++) {
      seed = (seed * 48_271) % 2_147_483_647;
      for (const line of await writeAndKill(file, run, 1 + (seed % 400))) {
        const [kind, id] = line.split(' ');
        expect(['p', 'e', 'r']).toContain(kind);
        accepted[kind as 'p' | 'e' | 'r'].add(id);
      }
    }
    const outbox = openOutbox({ file, maxRows: 1e6 });
    expect(outbox.recovery).toBeUndefined();
    const predictions = outbox.takeMessages({ limit: 1e6 }).map(({ id }) => id);
    const present = new Set(predictions);
    const rows = outbox.take({ announced: false, limit: 1e6, except: new Set() });
    const waiting = new Set(rows.map(({ id }) => id));
    expect(accepted.p.size).toBeGreaterThan(KILLS * 15);
    expect(accepted.r.size).toBeGreaterThan(KILLS);
    expect([...accepted.p].filter((id) => !present.has(id))).toEqual([]);
    expect(present.size).toBe(predictions.length);
    expect(waiting.size).toBe(rows.length);
    // An escalation waits, or it was answered (which the kill may have kept from being said), never both.
    expect([...accepted.e].filter((id) => waiting.has(id) === outbox.isAnswered(id))).toEqual([]);
    expect([...accepted.r].filter((id) => waiting.has(id))).toEqual([]);
    // What is there beyond it was under way when the kill came: two ids of a run at most.
    expect(predictions.length - accepted.p.size).toBeLessThanOrEqual(2 * KILLS);
    outbox.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

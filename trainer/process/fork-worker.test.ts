import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { forkWorker } from './fork-worker.ts';

async function program(source: string): Promise<URL> {
  const file = join(await temporaryFolder(), 'program.mjs');
  await writeFile(file, source);
  return pathToFileURL(file);
}

test('forkWorker() carries messages both ways', async () => {
  const { child } = forkWorker(
    await program("process.on('message', (n) => { process.send(n + 1); process.exit(); });"),
  );
  child.send(41);
  expect(await once(child, 'message')).toEqual([42, undefined]);
});

test('forkWorker() keeps the end of what a process wrote before it ended', async () => {
  const { child, tail } = forkWorker(
    await program("console.log('begun '.repeat(1000)); console.error('broken'); process.exit(3);"),
  );
  const [code] = await once(child, 'close');
  expect(code).toBe(3);
  expect(tail()).toContain('broken');
  expect(tail().length).toBeLessThanOrEqual(2000);
});

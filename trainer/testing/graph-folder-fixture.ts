// Graph folders for tests, written to a temporary folder and removed afterwards.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that reads without a note: 4 nodes, 3 edges, 3 columns, classes 0 and 1. */
export const CLEAN: Readonly<Record<string, string>> = {
  'edges.csv': 'src,dst\n0,1\n1,2\n2,3\n',
  'labels.csv': 'node,label,split\n0,0,train\n1,1,train\n2,0,val\n3,1,test\n',
  'features.csv': 'node,features\n0,0 2\n1,1\n2,0 1 2\n3,2\n',
};

/** Writes `files` and returns the folder; it is removed when the current test ends. */
export async function writeFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-graph-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dir, name), text)));
  return dir;
}

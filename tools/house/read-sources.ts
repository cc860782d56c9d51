// Every source file of the repository that people wrote.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** AssemblyScript: its own compiler checks it, and its decorators are no JavaScript. */
const ASSEMBLY = ['trainer/autodiff/wasm/kernels/', 'shared/kernel/wasm/source/'];

const FOLDERS = ['shared', 'trainer', 'edge', 'device', 'tools', 'bench'];

/** Text by path relative to `root`; `.ts` and `.js`, without packages and hidden folders. */
export async function readSources(root: string): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const folder of FOLDERS) {
    const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
    for (const name of names.toSorted()) {
      const path = `${folder}/${name}`;
      const parts = path.split('/');
      if (parts.some((part) => part === 'node_modules' || part.startsWith('.'))) continue;
      if (!/\.[jt]s$/.test(path) || ASSEMBLY.some((at) => path.startsWith(at))) continue;
      sources.set(path, await readFile(join(root, path), 'utf8'));
    }
  }
  return sources;
}

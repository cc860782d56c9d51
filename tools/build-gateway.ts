// `npm run gateway:package [-- --out DIR] [--only x64]`: what is carried to a gateway that has no
// Node, no npm and no network. SOURCE_DATE_EPOCH dates the files; the same sources, the same bytes.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleGateway } from './gateway-package/bundle-gateway.ts';
import { ARCHITECTURES, type Architecture, nodeBinary } from './gateway-package/node-binaries.ts';
import { createPackage } from './gateway-package/package-files.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** 2026-01-01, where SOURCE_DATE_EPOCH says nothing. */
const DEFAULT_SECONDS = 1_767_225_600;

export interface BuildOptions {
  readonly folder: string;
  readonly architectures: readonly Architecture[];
  /** Seconds since the epoch. */
  readonly seconds: number;
}

export interface BuiltPackage {
  readonly file: string;
  readonly bytes: number;
  readonly installedBytes: number;
}

/** Writes the packages and a file of their checksums. */
export async function buildPackages(options: BuildOptions): Promise<BuiltPackage[]> {
  const { folder, architectures, seconds } = options;
  const { version } = JSON.parse(await readFile(join(ROOT, 'device/package.json'), 'utf8'));
  const bundle = await bundleGateway();
  await mkdir(folder, { recursive: true });
  const built: BuiltPackage[] = [];
  const sums: string[] = [];
  for (const architecture of architectures) {
    const node = await nodeBinary(architecture);
    const made = await createPackage({ version, architecture, bundle, node, seconds });
    const file = join(folder, made.name);
    await writeFile(file, made.bytes);
    sums.push(`${createHash('sha256').update(made.bytes).digest('hex')}  ${made.name}\n`);
    built.push({ file, bytes: made.bytes.byteLength, installedBytes: made.installedBytes });
  }
  await writeFile(join(folder, 'SHA256SUMS'), sums.join(''));
  return built;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, only: { type: 'string', multiple: true } },
  });
  const architectures = ARCHITECTURES.filter((each) => values.only?.includes(each) ?? true);
  const built = await buildPackages({
    folder: values.out ?? join(ROOT, 'out/gateway'),
    architectures,
    seconds: Number(process.env.SOURCE_DATE_EPOCH ?? DEFAULT_SECONDS),
  });
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  for (const { file, bytes, installedBytes } of built) {
    process.stdout.write(`${file}  ${megabytes(bytes)}, ${megabytes(installedBytes)} installed\n`);
  }
}

if (import.meta.main) await main();

// What a package of the gateway holds besides Node and the program.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { GatewayBundle } from './bundle-gateway.ts';
import { thirdPartyLicences } from './licences.ts';
import { type Architecture, NODE_VERSION, type NodeBinary } from './node-binaries.ts';
import { type TarEntry, writeTar } from './tar.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGING = join(ROOT, 'device/packaging');

/** glibc and C++ library that this Node was built against: its BUILDING.md, "Platform list". */
const NEEDS = 'glibc 2.28, libstdc++ 6.0.25';

export interface PackageOptions {
  readonly version: string;
  readonly architecture: Architecture;
  readonly bundle: GatewayBundle;
  readonly node: NodeBinary;
  /** Seconds since the epoch that files are dated with. */
  readonly seconds: number;
}

export interface GatewayPackage {
  readonly name: string;
  readonly bytes: Buffer;
  /** Bytes of its files, unpacked. */
  readonly installedBytes: number;
}

const encoder = new TextEncoder();

/** As `sha256sum -c` reads it. */
function checksums(entries: readonly TarEntry[]): string {
  return entries
    .map(({ path, data }) => `${createHash('sha256').update(data).digest('hex')}  ${path}\n`)
    .join('');
}

async function filesOf(options: PackageOptions): Promise<TarEntry[]> {
  const { version, architecture, bundle, node } = options;
  const text = (path: string, content: string, executable = false): TarEntry => ({
    path,
    data: encoder.encode(content),
    executable,
  });
  const own = (name: string) => readFile(join(PACKAGING, name), 'utf8');
  const about = `version=${version}\narchitecture=${architecture}\nnode=${NODE_VERSION}\nneeds=${NEEDS}\n`;
  const files = [
    text('about', about),
    text('bin/dandan-gateway', await own('dandan-gateway.sh'), true),
    { path: 'bin/node', data: node.program, executable: true },
    text('install.sh', await own('install.sh'), true),
    text('lib/dandan-gateway.mjs', bundle.code),
    text('share/dandan-gateway.service', await own('dandan-gateway.service')),
    text('share/licences/dandan.txt', await readFile(join(ROOT, 'LICENSE'), 'utf8')),
    text('share/licences/node.txt', node.licence),
    text('share/licences/packages.txt', await thirdPartyLicences(bundle.packages)),
  ];
  return [...files, text('SHA256SUMS', checksums(files))];
}

/** The package: the same options give the same bytes. */
export async function createPackage(options: PackageOptions): Promise<GatewayPackage> {
  const { version, architecture, seconds } = options;
  const name = `dandan-gateway-${version}-linux-${architecture}`;
  const files = await filesOf(options);
  const folders = ['', 'bin/', 'lib/', 'share/', 'share/licences/'];
  const entries = [
    ...folders.map((path) => ({ path: `${name}/${path}`, data: new Uint8Array(0) })),
    ...files.map((file) => ({ ...file, path: `${name}/${file.path}` })),
  ];
  return {
    name: `${name}.tar.gz`,
    // Node's own zlib: no name, no time and one operating system in its header.
    bytes: gzipSync(writeTar(entries, seconds), { level: 9 }),
    installedBytes: files.reduce((sum, { data }) => sum + data.byteLength, 0),
  };
}

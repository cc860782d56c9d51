import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleGateway, type GatewayBundle } from './gateway-package/bundle-gateway.ts';
import { NODE_VERSION } from './gateway-package/node-binaries.ts';
import { createPackage } from './gateway-package/package-files.ts';
import { writeTar } from './gateway-package/tar.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

let folder = '';
let bundle: GatewayBundle;
let program = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-package-'));
  bundle = await bundleGateway();
  program = join(folder, 'dandan-gateway.mjs');
  await writeFile(program, bundle.code);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const options = {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
  return { status, stdout, stderr };
}

test('the bundled gateway is one file that runs anywhere, and says nothing it need not', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'device/package.json'), 'utf8'));
  expect(run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(run('walk').status).toBe(2);
  const made = run('init', 'configuration');
  expect(made).toMatchObject({ status: 0, stderr: '' });
  const config = await readFile(join(folder, 'configuration/gateway.yaml'), 'utf8');
  expect(config).toContain(await readFile(join(ROOT, 'device/gateway.example.yaml'), 'utf8'));
  const schema = JSON.parse(run('config-schema').stdout);
  expect(schema.properties.site).toBeDefined();
});

/** In a process of its own, since the packages that it imports are the gateway's. */
const WRITE_PARQUET = `
import { writeFileSync } from 'node:fs';
import { parquetWriteBuffer } from 'hyparquet-writer';
const columnData = [
  { name: 't', data: [1, 2, 3].map((i) => new Date(1767592800000 + i)), type: 'TIMESTAMP' },
  { name: 'asset', data: ['a', 'a', 'b'], type: 'STRING' },
  { name: 'flow', data: [1.5, 2.5, 3.5], type: 'DOUBLE' },
];
writeFileSync(process.argv[1], Buffer.from(parquetWriteBuffer({ columnData })));`;

test('the bundled gateway decodes Parquet in a thread of its own', async () => {
  const file = join(folder, 'history.parquet');
  execFileSync(process.execPath, ['--input-type=module', '-e', WRITE_PARQUET, file], { cwd: ROOT });
  const plantProcess = join(ROOT, 'device/packaging/testing/plant-process.ts');
  const plant = spawn(process.execPath, [plantProcess, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await once(plant.stdout, 'data');
    const broker = await readFile(join(folder, 'broker'), 'utf8');
    const place = ['--broker', broker, '--site', 'a', '--gateway', 'b', '--speed', 'max'];
    const { status, stdout } = run('simulate', ...place, '--parquet', file, '--json');
    expect(status).toBe(0);
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(result).toMatchObject({ samples: 3, messages: 3, acknowledged: 3, complete: true });
  } finally {
    plant.stdin.end();
    await once(plant, 'exit');
  }
});

test('the bundle names no folder of the machine that built it, and repeats to the byte', async () => {
  expect(bundle.code).not.toContain(ROOT);
  expect(bundle.code).not.toContain(tmpdir());
  expect((await bundleGateway()).code).toBe(bundle.code);
  expect(bundle.packages).toEqual(expect.arrayContaining(['commander', 'mqtt', 'yaml', 'zod']));
});

test('Node is the one that the project pins', async () => {
  const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  expect(NODE_VERSION).toBe(devDependencies.node);
});

/** A package whose Node is a link to ours: packing 120 MB is for the clean root. */
async function pack(seconds = 1_767_225_600) {
  const node = { program: Buffer.from('#!/bin/sh\nexit 0\n'), licence: 'licence of Node' };
  const options = { version: '1.2.3', architecture: 'x64', bundle, node, seconds } as const;
  return createPackage(options);
}

test('a package holds what its checksums say, in the same bytes every time', async () => {
  const { name, bytes } = await pack();
  expect(name).toBe('dandan-gateway-1.2.3-linux-x64.tar.gz');
  expect((await pack()).bytes.equals(bytes)).toBe(true);
  expect((await pack(1)).bytes.equals(bytes)).toBe(false);
  await writeFile(join(folder, name), bytes);
  execFileSync('tar', ['-xzf', name], { cwd: folder });
  const unpacked = join(folder, 'dandan-gateway-1.2.3-linux-x64');
  execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: unpacked });
  const listing = execFileSync('tar', ['-tvzf', join(folder, name)], { encoding: 'utf8' });
  expect(listing).toMatch(/-rwxr-xr-x root\/root +\d+ 2026-01-01 \d\d:\d\d \S+\/bin\/node\n/);
  expect(listing).toMatch(/-rw-r--r-- root\/root +\d+ 2026-01-01 \d\d:\d\d \S+\/about\n/);
  const licences = await readFile(join(unpacked, 'share/licences/packages.txt'), 'utf8');
  for (const each of bundle.packages) expect(licences).toContain(`${each} `);
  expect(licences).not.toContain('No text in the package. Author: "unknown"');
  // The starter finds its Node through links, as /usr/local/bin has one.
  await rm(join(unpacked, 'bin/node'));
  await symlink(process.execPath, join(unpacked, 'bin/node'));
  await mkdir(join(folder, 'bin'));
  await symlink(
    '../dandan-gateway-1.2.3-linux-x64/bin/dandan-gateway',
    join(folder, 'bin/gateway'),
  );
  const version = execFileSync(join(folder, 'bin/gateway'), ['--version'], { encoding: 'utf8' });
  expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('ustar refuses what it cannot say', () => {
  const data = new Uint8Array(0);
  expect(() => writeTar([{ path: 'x'.repeat(101), data }], 0)).toThrow(RangeError);
});

test('the scripts are POSIX shell and the unit is one that systemd reads', ({ skip }) => {
  const packaging = join(ROOT, 'device/packaging');
  for (const name of ['install.sh', 'dandan-gateway.sh', 'testing/clean-root.sh']) {
    expect(spawnSync('sh', ['-n', join(packaging, name)]).status).toBe(0);
  }
  const verify = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', join(packaging, 'dandan-gateway.service')],
    { encoding: 'utf8' },
  );
  skip(verify.error !== undefined, 'systemd-analyze is not installed');
  const complaints = verify.stderr.trim().split('\n');
  // The program itself is not installed here.
  expect(complaints.filter((line) => /dandan/.test(line) && !/not executable/.test(line))).toEqual(
    [],
  );
});

const cached = (architecture: string) =>
  join(ROOT, `node_modules/.cache/dandan-gateway/node-linux-${architecture}-${NODE_VERSION}.tgz`);

const missing = async (...files: string[]) => {
  for (const file of files) {
    if (
      await access(file).then(
        () => false,
        () => true,
      )
    )
      return file;
  }
  return undefined;
};

const PACKAGE_FIRST = 'has not been fetched: npm run gateway:package';

test('an arm64 package holds an arm64 Node', { timeout: 300_000 }, async ({ skip }) => {
  skip((await missing(cached('arm64'))) !== undefined, `Node for arm64 ${PACKAGE_FIRST}`);
  execFileSync(process.execPath, ['tools/build-gateway.ts', '--only', 'arm64', '--out', folder], {
    cwd: ROOT,
  });
  const { version } = JSON.parse(await readFile(join(ROOT, 'device/package.json'), 'utf8'));
  const name = `dandan-gateway-${version}-linux-arm64`;
  execFileSync('tar', ['-xzf', `${name}.tar.gz`], { cwd: folder });
  await using handle = await open(join(folder, name, 'bin/node'));
  const { buffer } = await handle.read(Buffer.alloc(20), 0, 20, 0);
  expect(buffer.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  // EM_AARCH64.
  expect(buffer.readUInt16LE(18)).toBe(183);
});

test('a package installs and runs on a clean Debian', { timeout: 600_000 }, async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'a clean root needs root');
  skip(spawnSync('mmdebstrap', ['--version']).error !== undefined, 'mmdebstrap is not installed');
  skip((await missing(cached('x64'))) !== undefined, `Node for x64 ${PACKAGE_FIRST}`);
  skip(process.arch !== 'x64', 'the clean root is of the machine that tests');
  execFileSync(process.execPath, ['tools/build-gateway.ts', '--only', 'x64', '--out', folder], {
    cwd: ROOT,
  });
  const { version } = JSON.parse(await readFile(join(ROOT, 'device/package.json'), 'utf8'));
  const { status, stdout, stderr } = spawnSync(
    join(ROOT, 'device/packaging/testing/clean-root.sh'),
    [
      join(folder, `dandan-gateway-${version}-linux-x64.tar.gz`),
      folder,
      process.execPath,
      join(ROOT, 'device/packaging/testing/plant-process.ts'),
    ],
    { encoding: 'utf8', timeout: 500_000 },
  );
  expect(`${stdout}${stderr}`).toContain('clean-root: all steps passed');
  expect(status).toBe(0);
});

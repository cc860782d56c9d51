// The Worker as it would be deployed: bundled by wrangler, kept until a source changes.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ServeError } from './serve-error.ts';

/** As Miniflare takes it. */
export interface WorkerModule {
  readonly type: 'ESModule' | 'CompiledWasm';
  readonly path: string;
  readonly contents: string | Uint8Array<ArrayBuffer>;
}

export interface BuiltWorker {
  /** The entry first. */
  readonly modules: readonly WorkerModule[];
  /** False where an earlier build was still right. */
  readonly fresh: boolean;
}

const SOURCES = 'sources.json';
const META = 'bundle-meta.json';

const run = promisify(execFile);
const wrangler = createRequire(import.meta.url).resolve('wrangler');

/** SHA-256 by path of what the build read. Modules of WebAssembly lie beside the sources that name them. */
function digests(paths: Iterable<string>): Record<string, string> {
  return Object.fromEntries(
    [...paths].toSorted().map((path) => {
      const bytes = existsSync(path) ? readFileSync(path) : '';
      return [path, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}

function sourcesOf(configFile: string, folder: string): Record<string, string> {
  const root = dirname(configFile);
  const { inputs } = JSON.parse(readFileSync(join(folder, META), 'utf8')) as { inputs: object };
  const read = Object.keys(inputs).map((path) => resolve(root, path));
  const beside = [...new Set(read.map((path) => dirname(path)))]
    .filter((each) => existsSync(each))
    .flatMap((each) =>
      readdirSync(each)
        .filter((name) => name.endsWith('.wasm'))
        .map((name) => join(each, name)),
    );
  return digests([configFile, wrangler, ...read, ...beside]);
}

function isCurrent(folder: string, configFile: string): boolean {
  try {
    const kept = JSON.parse(readFileSync(join(folder, SOURCES), 'utf8')) as Record<string, string>;
    const now = digests(Object.keys(kept));
    return configFile in kept && Object.entries(kept).every(([path, sha]) => now[path] === sha);
  } catch {
    return false;
  }
}

async function build(folder: string, configFile: string, signal: AbortSignal): Promise<void> {
  const root = dirname(configFile);
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  const words = ['deploy', '--dry-run', '--config', configFile, '--outdir', making];
  const command = join(dirname(wrangler), '../bin/wrangler.js');
  try {
    await run(process.execPath, [command, ...words, '--metafile', join(making, META)], {
      cwd: root,
      signal,
      env: {
        ...process.env,
        // Nothing is asked of or sent to anybody.
        WRANGLER_HIDE_BANNER: 'true',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_SEND_ERROR_REPORTS: 'false',
        CI: 'true',
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    const { stderr = '' } = error as { readonly stderr?: string };
    throw new ServeError(
      'build-failed',
      `wrangler could not build ${relative(process.cwd(), configFile)}: ${stderr.trim() || error}`,
      `run npm ci, and let this user write ${join(root, '.wrangler')}, where wrangler works`,
      error,
    );
  }
  writeFileSync(join(making, SOURCES), JSON.stringify(sourcesOf(configFile, making)));
  rmSync(folder, { recursive: true, force: true });
  renameSync(making, folder);
}

function modulesOf(folder: string): WorkerModule[] {
  const names = readdirSync(folder).toSorted();
  const scripts = names.filter((name) => name.endsWith('.js'));
  const kernels = names.filter((name) => name.endsWith('.wasm'));
  return [
    ...scripts.map((path) => ({
      type: 'ESModule' as const,
      path,
      contents: readFileSync(join(folder, path), 'utf8'),
    })),
    ...kernels.map((path) => ({
      type: 'CompiledWasm' as const,
      path,
      contents: new Uint8Array(readFileSync(join(folder, path))),
    })),
  ];
}

/**
 * Builds the Worker of `configFile` into `folder`, unless what lies there was built from the same
 * bytes: of every source, the configuration and wrangler itself.
 *
 * @throws {ServeError} `build-failed`.
 */
export async function buildWorker(options: {
  readonly folder: string;
  readonly configFile: string;
  readonly signal: AbortSignal;
}): Promise<BuiltWorker> {
  const { folder, configFile, signal } = options;
  const fresh = !isCurrent(folder, configFile);
  if (fresh) await build(folder, configFile, signal);
  return { modules: modulesOf(folder), fresh };
}

// `npm run kernels`: compiles the AssemblyScript kernels of trainer and shared, and embeds those of
// shared as text for runtimes that get no module from a bundler.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Settings of each module; it is written beside them. */
export const KERNEL_CONFIGS = [
  'trainer/autodiff/wasm/asconfig.json',
  'shared/kernel/wasm/relaxed.asconfig.json',
  'shared/kernel/wasm/simd128.asconfig.json',
] as const;

export const EMBEDDED = 'shared/kernel/wasm/embedded.ts';

/**
 * Compiles one module into `folder`, by default its own.
 *
 * @returns the file written.
 * @throws what the compiler reports.
 */
export async function compileKernels(config: string, folder?: string): Promise<string> {
  const path = join(ROOT, config);
  const { options } = JSON.parse(await readFile(path, 'utf8'));
  const base = dirname(path);
  const file = join(folder ?? base, options.outFile);
  const { error, stderr } = await asc.main(
    ['--baseDir', base, '--config', path, '--outFile', file],
    { stderr: asc.createMemoryStream() },
  );
  if (error !== null) throw new Error(`Cannot compile ${config}: ${stderr}`, { cause: error });
  return file;
}

/** The text of {@linkcode EMBEDDED} for two compiled modules. */
export function embeddedText(relaxed: Uint8Array, simd128: Uint8Array): string {
  const constant = (name: string, bytes: Uint8Array) =>
    `export const ${name} =\n  '${Buffer.from(bytes).toString('base64')}';\n`;
  return [
    '// relaxed.wasm and simd128.wasm in base64, written by `npm run kernels`.\n\n',
    constant('RELAXED', relaxed),
    '\n',
    constant('SIMD128', simd128),
  ].join('');
}

async function build(): Promise<void> {
  const files: string[] = [];
  for (const config of KERNEL_CONFIGS) files.push(await compileKernels(config));
  const [, relaxed, simd128] = await Promise.all(files.map((file) => readFile(file)));
  await writeFile(join(ROOT, EMBEDDED), embeddedText(relaxed, simd128));
}

if (import.meta.main) await build();

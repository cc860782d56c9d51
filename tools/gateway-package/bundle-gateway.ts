// The gateway as one file of JavaScript, and the packages that went into it.
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Reads a file beside the sources; in the bundle it is the file's text. */
const EXAMPLE_MODULE = join(ROOT, 'device/config/example-text.ts');
const EXAMPLE = join(ROOT, 'device/gateway.example.yaml');

export interface GatewayBundle {
  readonly code: string;
  /** Names of the npm packages in it, sorted. */
  readonly packages: readonly string[];
}

function embedExample(): Plugin {
  return {
    name: 'embed-example',
    load: {
      async handler(id) {
        if (id !== EXAMPLE_MODULE) return null;
        const text = JSON.stringify(await readFile(EXAMPLE, 'utf8'));
        return { code: `export const readExample = () => ${text};`, moduleType: 'js' };
      },
    },
  };
}

/** `…/node_modules/@scope/name/…` → `@scope/name`; the innermost of nested ones. */
function packageOf(id: string): string | undefined {
  const parts = id.split(`node_modules${sep}`);
  if (parts.length === 1) return undefined;
  const [scope, name] = (parts.at(-1) ?? '').split(sep);
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** Bundles `device/packaging/entry.js`. @throws what the bundler reports. */
export async function bundleGateway(): Promise<GatewayBundle> {
  const build = await rolldown({
    cwd: ROOT,
    input: 'device/packaging/entry.js',
    platform: 'node',
    plugins: [embedExample()],
    // Optional native helpers of the WebSocket library, which the gateway has no use for.
    external: ['bufferutil', 'utf-8-validate'],
    // A warning is a mistake nobody looks at once a package is out.
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message);
    },
    checks: { eval: false, commonJsVariableInEsm: false },
  });
  const { output } = await build.generate({
    format: 'esm',
    codeSplitting: false,
    // Names in stack traces are worth more than bytes beside a Node of 120 MB.
    minify: false,
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await build.close();
  const [chunk] = output;
  if (output.length !== 1 || chunk.type !== 'chunk') {
    throw new Error(`The bundle has ${output.length} files instead of one`);
  }
  const found = chunk.moduleIds.map((id) => packageOf(relative(ROOT, id)));
  const packages = [...new Set(found.filter((name) => name !== undefined))].sort();
  return { code: toAscii(chunk.code), packages };
}

/** V8 keeps a text that is not Latin-1 in twice the memory: 2 MB of the gateway's for some quotes. */
function toAscii(code: string): string {
  const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return code.replace(/[^\n\r\t -~]/g, escapeUnit);
}

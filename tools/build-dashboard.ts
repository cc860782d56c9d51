// `npm run dashboard`: the dashboard's page, style and script as text inside the Worker, so that one
// file is deployed, and a plant's own server needs no other.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BROWSER = 'edge/dashboard/browser';

export const EMBEDDED_DASHBOARD = 'edge/dashboard/embedded.ts';

/** Browsers of the last two years: `light-dark()`, `Promise.withResolvers`. */
const TARGET = ['chrome123', 'firefox121', 'safari17.5'];

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(BROWSER, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: TARGET,
    legalComments: 'none',
  });
  return outputFiles[0].text;
}

/** The text of {@linkcode EMBEDDED_DASHBOARD}. */
export async function dashboardText(): Promise<string> {
  const [page, style, script] = await Promise.all([
    readFile(join(ROOT, BROWSER, 'index.html'), 'utf8'),
    bundled('app.css'),
    bundled('main.ts'),
  ]);
  const constant = (name: string, text: string) =>
    `export const ${name} =\n  ${JSON.stringify(text)};\n`;
  return [
    `// ${BROWSER} in one piece each, written by \`npm run dashboard\`.\n\n`,
    constant('PAGE', page),
    '\n',
    constant('STYLE', style),
    '\n',
    constant('SCRIPT', script),
  ].join('');
}

if (import.meta.main) await writeFile(join(ROOT, EMBEDDED_DASHBOARD), await dashboardText());

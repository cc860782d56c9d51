// The licences of the packages inside the bundle, in one file, as they ask for.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

const LICENCE_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;

async function licenceOf(name: string): Promise<string> {
  const folder = join(MODULES, name);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).sort().find((each) => LICENCE_FILE.test(each));
  // A package without the text still names its licence and its author.
  const text =
    file === undefined
      ? `No text in the package. Author: ${JSON.stringify(manifest.author ?? 'unknown')}`
      : (await readFile(join(folder, file), 'utf8')).trim();
  const head = `${manifest.name} ${manifest.version} (${manifest.license})`;
  return `${head}\n${'='.repeat(head.length)}\n\n${text}\n`;
}

/** One text for all packages, in the order given. @throws {Error} for one that is not installed. */
export async function thirdPartyLicences(packages: readonly string[]): Promise<string> {
  return (await Promise.all(packages.map(licenceOf))).join('\n\n');
}

// `dandan-gateway init` and `config-schema`: a configuration to start from, and its schema.
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { Command } from 'commander';
import { configJsonSchema } from '../config/config-schema.ts';
import { readExample } from '../config/example-text.ts';
import { EXIT, type Streams } from './output.ts';

const CONFIG_NAME = 'gateway.yaml';
const SCHEMA_NAME = 'gateway.schema.json';

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await using handle = await open(file, 'wx', 0o644);
    await handle.writeFile(text);
    await handle.sync();
  } catch (cause) {
    throw new InputError('output-unwritable', `Cannot make '${file}'`, {
      field: 'DIR',
      value: file,
      allowed: 'a folder that can be written and has no such file yet',
      cause,
    });
  }
}

/**
 * Writes a commented configuration and its schema; what is there already is never written over.
 *
 * @returns the exit code.
 * @throws {InputError} `output-unwritable`.
 */
export async function init(folder: string, json: boolean, { out }: Streams): Promise<number> {
  const config = join(folder, CONFIG_NAME);
  const schema = join(folder, SCHEMA_NAME);
  await mkdir(folder, { recursive: true }).catch(() => {});
  // Editors with a YAML language server find the schema by this line.
  await writeNew(config, `# yaml-language-server: $schema=${SCHEMA_NAME}\n${readExample()}`);
  await writeNew(schema, `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
  out(`${config} is a configuration to fill in; ${schema} lets an editor check it.\n`);
  out(`Then: dandan-gateway check --config ${config}\n`);
  if (json) out(`${JSON.stringify({ config, schema })}\n`);
  return EXIT.ok;
}

/** Adds both commands to a program; `done` gets their exit code. */
export function addInit(program: Command, streams: Streams, done: (code: number) => void): void {
  program
    .command('init')
    .description('write a commented configuration into a folder')
    .argument('<dir>', 'folder; made where it is missing')
    .option('--json', 'print one JSON object as the last line of stdout', false)
    .action(async (folder: string, { json }: { json: boolean }) => {
      done(await init(folder, json, streams));
    });
  program
    .command('config-schema')
    .description('print the JSON schema of the configuration, for editors')
    .action(() => {
      streams.out(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
      done(EXIT.ok);
    });
}

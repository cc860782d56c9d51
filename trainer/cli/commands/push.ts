// `dandan push`: a bundle to an edge's registry, and a channel pointed at it.
import { readFile } from 'node:fs/promises';
import { readBundle, sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { Command } from 'commander';
import { createEdgeClient } from '../../edge-client/edge-client.ts';
import { withInterrupt } from '../interrupt.ts';
import { createOutput } from '../output.ts';

interface PushFlags {
  bundle: string;
  edge: string;
  channel: string;
  keyEnv: string;
  json: boolean;
}

async function push(flags: PushFlags): Promise<void> {
  const output = createOutput(flags.json);
  const key = process.env[flags.keyEnv];
  if (!key) {
    throw new InputError('option-invalid', 'push needs an operator key', {
      field: `environment variable ${flags.keyEnv}`,
      allowed: `export ${flags.keyEnv}=... before the command`,
    });
  }
  const bytes = new Uint8Array(
    await readFile(flags.bundle).catch((cause: unknown) => {
      throw new InputError('data-missing', `Cannot read '${flags.bundle}'`, {
        field: '--bundle',
        value: flags.bundle,
        allowed: 'a bundle that train wrote',
        cause,
      });
    }),
  );
  const { manifest } = await readBundle(bytes);
  const sha256 = await sha256Hex(bytes);
  await withInterrupt(async (signal) => {
    const client = createEdgeClient({ edge: flags.edge, key, signal });
    await client.putBundle(manifest.model, sha256, bytes);
    const pointer = await client.setChannel(manifest.model, flags.channel, sha256);
    output.line(
      `${manifest.model} ${sha256.slice(0, 12)} is at ${flags.edge}, channel ${flags.channel}`,
    );
    output.result({ model: manifest.model, bundle: sha256, bytes: bytes.byteLength, ...pointer });
  });
}

export function pushCommand(): Command {
  return new Command('push')
    .description('Upload a bundle to an edge and point a channel at it.')
    .requiredOption('--bundle <file>', 'bundle that train wrote')
    .requiredOption('--edge <url>', 'base URL of the edge')
    .option('--channel <name>', 'channel to point at the bundle', 'stable')
    .option(
      '--key-env <name>',
      'environment variable that holds the operator key',
      'DANDAN_OPERATOR_KEY',
    )
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: PushFlags) => push(flags));
}

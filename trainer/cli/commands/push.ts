// `dandan push`: a bundle to an edge's registry, and a channel pointed at it.
import { readBundle, sha256Hex } from '@dandan/shared/bundle';
import { channelNameSchema } from '@dandan/shared/wire';
import { Command } from 'commander';
import { createEdgeClient } from '../../edge-client/edge-client.ts';
import { withInterrupt } from '../interrupt.ts';
import { keyEnvOption, readKey } from '../operator-key.ts';
import { createOutput } from '../output.ts';
import { readBundleFile } from '../read-bundle-file.ts';
import { textOption } from '../text-option.ts';

interface PushFlags {
  bundle: string;
  edge: string;
  channel: string;
  keyEnv: string;
  json: boolean;
}

async function push(flags: PushFlags): Promise<void> {
  const output = createOutput(flags.json);
  const key = readKey(flags.keyEnv);
  const bytes = await readBundleFile(flags.bundle);
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
    .option(
      '--channel <name>',
      'channel to point at the bundle',
      textOption(channelNameSchema),
      'stable',
    )
    .addOption(keyEnvOption())
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: PushFlags) => push(flags));
}

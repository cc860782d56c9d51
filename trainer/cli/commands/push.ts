// `dandan push`: a bundle to an edge's registry, and a signed release of it on a channel.
import { readBundle, sha256Hex } from '@dandan/shared/bundle';
import { MAX_POINTER_DAYS } from '@dandan/shared/release';
import { channelNameSchema } from '@dandan/shared/wire';
import { Command, Option } from 'commander';
import { createEdgeClient } from '../../edge-client/edge-client.ts';
import { channelPath, signRelease } from '../../release/sign-release.ts';
import { trustFirstKey } from '../../release/trust-first-key.ts';
import { withInterrupt } from '../interrupt.ts';
import { numberOption } from '../number-option.ts';
import { keyEnvOption, readKey } from '../operator-key.ts';
import { createOutput, type Output } from '../output.ts';
import { readBundleFile } from '../read-bundle-file.ts';
import { openSigningKey, signingKeyOption } from '../signing-key.ts';
import { textOption } from '../text-option.ts';

/** A quarter: a gateway that was away for longer is looked at by a person. */
const DEFAULT_VALID_DAYS = 90;

interface PushFlags {
  bundle: string;
  edge: string;
  channel: string;
  canary?: number;
  deadline?: number;
  atDeadline?: 'promote' | 'rollback';
  fallback?: string;
  signingKey: string;
  validDays: number;
  keyEnv: string;
  json: boolean;
}

function canaryOf({ canary, deadline, atDeadline }: PushFlags) {
  if (canary === undefined) return {};
  return {
    canary: {
      percent: canary,
      ...(deadline !== undefined && { deadlineMinutes: deadline }),
      ...(atDeadline !== undefined && { atDeadline }),
    },
  };
}

function tell(output: Output, { edge, channel }: PushFlags, released: Record<string, unknown>) {
  const { model, bundle, release, state, percent, deadline } = released;
  output.line(`${model} ${String(bundle).slice(0, 12)} is at ${edge}, channel ${channel}`);
  if (state !== 'canary') return;
  output.line(`Release ${release} is tried by ${percent} % of the gateways until ${deadline};`);
  output.line(`promote it or roll it back with: dandan channel promote|rollback`);
}

async function push(flags: PushFlags): Promise<void> {
  const output = createOutput(flags.json);
  const operatorKey = readKey(flags.keyEnv);
  const bytes = await readBundleFile(flags.bundle);
  const { manifest } = await readBundle(bytes);
  const { model } = manifest;
  const { edge, channel, validDays } = flags;
  const sha256 = await sha256Hex(bytes);
  const fallback = flags.fallback === undefined ? undefined : await readBundleFile(flags.fallback);
  await withInterrupt(async (signal) => {
    const client = createEdgeClient({ edge, key: operatorKey, signal });
    await client.putBundle(model, sha256, bytes);
    const key = await openSigningKey(flags.signingKey, output);
    if (await trustFirstKey(client, key, 'first release')) {
      output.line(`${edge} now trusts the signing key ${key.id.slice(0, 12)}`);
    }
    const pointer = await signRelease({
      client,
      key,
      model,
      channel,
      bundle: bytes,
      fallback,
      validDays,
    });
    const json = { pointer, ...canaryOf(flags) };
    const released = await client.call('POST', channelPath(model, channel), { json });
    tell(output, flags, released);
    const { pointer: _, ...shown } = released;
    output.result({ model, bundle: sha256, bytes: bytes.byteLength, ...shown });
  });
}

export function pushCommand(): Command {
  return new Command('push')
    .description('Upload a bundle to an edge and release it on a channel, signed.')
    .requiredOption('--bundle <file>', 'bundle that train wrote')
    .requiredOption('--edge <url>', 'base URL of the edge')
    .option('--channel <name>', 'channel to release it on', textOption(channelNameSchema), 'stable')
    .option(
      '--canary <percent>',
      'try it on this share of the gateways first',
      numberOption({ minimum: 1, maximum: 99, whole: true }),
    )
    .option(
      '--deadline <minutes>',
      'when the canary ends at the latest (default: a day)',
      numberOption({ minimum: 5, maximum: 43_200, whole: true }),
    )
    .addOption(
      new Option(
        '--at-deadline <end>',
        'what becomes of a canary that nothing speaks against (default: rollback)',
      ).choices(['promote', 'rollback']),
    )
    .option('--fallback <file>', 'bundle to fall back to, where another key has released it')
    .option(
      '--valid-days <days>',
      'how long gateways may take the release up',
      numberOption({ minimum: 1, maximum: MAX_POINTER_DAYS, whole: true }),
      DEFAULT_VALID_DAYS,
    )
    .addOption(signingKeyOption())
    .addOption(keyEnvOption())
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: PushFlags) => push(flags));
}

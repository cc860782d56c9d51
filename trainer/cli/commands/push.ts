// `dandan push`: a bundle to an edge's registry, and a signed release of it on a channel.
import { readBundle } from '@dandan/shared/bundle';
import { MAX_POINTER_DAYS } from '@dandan/shared/release';
import { channelNameSchema } from '@dandan/shared/wire';
import { Command, Option } from 'commander';
import { createEdgeClient } from '../../edge-client/edge-client.ts';
import { withInterrupt } from '../interrupt.ts';
import { numberOption } from '../number-option.ts';
import { keyEnvOption, readKey } from '../operator-key.ts';
import { createOutput } from '../output.ts';
import { type Canary, pushBundle } from '../push-bundle.ts';
import { readBundleFile } from '../read-bundle-file.ts';
import { signingKeyOption } from '../signing-key.ts';
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

function canaryOf({ canary, deadline, atDeadline }: PushFlags): Canary | undefined {
  if (canary === undefined) return undefined;
  return {
    percent: canary,
    ...(deadline !== undefined && { deadlineMinutes: deadline }),
    ...(atDeadline !== undefined && { atDeadline }),
  };
}

async function push(flags: PushFlags): Promise<void> {
  const output = createOutput(flags.json);
  const operatorKey = readKey(flags.keyEnv);
  const bytes = await readBundleFile(flags.bundle);
  await readBundle(bytes);
  const { edge, channel, signingKey, validDays } = flags;
  const fallback = flags.fallback === undefined ? undefined : await readBundleFile(flags.fallback);
  await withInterrupt(async (signal) => {
    const client = createEdgeClient({ edge, key: operatorKey, signal });
    const canary = canaryOf(flags);
    output.result(
      await pushBundle({
        client,
        edge,
        bytes,
        channel,
        canary,
        fallback,
        signingKey,
        validDays,
        output,
      }),
    );
  });
}

/** Options of a release that `retrain` has too. */
export function declareReleaseFlags(command: Command): Command {
  return command
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
    .option(
      '--valid-days <days>',
      'how long gateways may take the release up',
      numberOption({ minimum: 1, maximum: MAX_POINTER_DAYS, whole: true }),
      DEFAULT_VALID_DAYS,
    )
    .addOption(signingKeyOption())
    .addOption(keyEnvOption());
}

export function pushCommand(): Command {
  const command = new Command('push')
    .description('Upload a bundle to an edge and release it on a channel, signed.')
    .requiredOption('--bundle <file>', 'bundle that train wrote')
    .requiredOption('--edge <url>', 'base URL of the edge')
    .option('--channel <name>', 'channel to release it on', textOption(channelNameSchema), 'stable')
    .option(
      '--canary <percent>',
      'try it on this share of the gateways first',
      numberOption({ minimum: 1, maximum: 99, whole: true }),
    );
  return declareReleaseFlags(command)
    .option('--fallback <file>', 'bundle to fall back to, where another key has released it')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: PushFlags) => push(flags));
}

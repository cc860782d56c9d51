// `dandan channel`: what a channel serves, and a person's hand on its rollout.
import { modelNameSchema } from '@dandan/shared/bundle';
import { channelNameSchema } from '@dandan/shared/wire';
import { Command } from 'commander';
import * as z from 'zod';
import type { EdgeClient } from '../../edge-client/edge-client.ts';
import { channelPath } from '../../release/sign-release.ts';
import { type EdgeFlags, edgeCommand, withEdge } from '../edge-command.ts';
import { numberOption } from '../number-option.ts';
import type { Output } from '../output.ts';
import { textOption } from '../text-option.ts';

interface ChannelFlags extends EdgeFlags {
  readonly model: string;
  readonly channel: string;
  readonly reason?: string;
}

const releaseSchema = z.object({
  release: z.int(),
  bundle: z.string(),
  fallback: z.string().nullable(),
  state: z.string(),
  percent: z.int(),
  created: z.string(),
  deadline: z.string().nullable(),
  reason: z.string(),
});

type Release = z.output<typeof releaseSchema>;

const short = (sha256: string | null) => sha256?.slice(0, 12) ?? 'none';

function lineOf({ release, bundle, state, percent, deadline, created, reason }: Release): string {
  const share = state === 'canary' ? ` ${percent} % until ${deadline}` : '';
  return `${String(release).padStart(4)}  ${short(bundle)}  ${created}  ${state}${share}: ${reason}`;
}

async function show(client: EdgeClient, output: Output, { model, channel }: ChannelFlags) {
  const path = channelPath(model, channel);
  const { pointer: _, ...current } = await client.call('GET', path);
  const { fallback } = releaseSchema.parse(current);
  const list = await client.call('GET', `${path}/releases`);
  const { releases } = z.object({ releases: z.array(releaseSchema) }).parse(list);
  output.line(`${model}/${channel} falls back to ${short(fallback)}`);
  for (const each of releases) output.line(lineOf(each));
  return { ...current, releases };
}

/** Changes the newest release, which is looked up first so that none is changed unseen. */
async function change(
  client: EdgeClient,
  output: Output,
  { model, channel, reason }: ChannelFlags,
  wanted: { readonly action: string; readonly percent?: number },
) {
  const path = channelPath(model, channel);
  const { release } = releaseSchema.parse(await client.call('GET', path));
  const json = { release, ...wanted, ...(reason !== undefined && { reason }) };
  const { pointer: _, ...changed } = await client.call('POST', `${path}/rollout`, { json });
  output.line(lineOf(releaseSchema.parse(changed)));
  return changed;
}

function channelSubcommand(name: string, description: string): Command {
  return edgeCommand(name, description)
    .requiredOption('--model <name>', 'model of the channel', textOption(modelNameSchema))
    .option('--channel <name>', 'name of the channel', textOption(channelNameSchema), 'stable');
}

export function channelCommand(): Command {
  const command = new Command('channel').description(
    'Look at the releases of a channel; promote, widen or roll back the newest.',
  );
  command.addCommand(
    channelSubcommand('show', 'Show what a channel serves and its releases.').action(
      (flags: ChannelFlags) => withEdge(flags, (client, output) => show(client, output, flags)),
    ),
  );
  for (const [action, description] of [
    ['promote', 'Give the newest release, a canary, to all gateways.'],
    ['rollback', 'Go back to the bundle before the newest release.'],
  ] as const) {
    command.addCommand(
      channelSubcommand(action, description)
        .option('--reason <words>', 'kept with the release')
        .action((flags: ChannelFlags) =>
          withEdge(flags, (client, output) => change(client, output, flags, { action })),
        ),
    );
  }
  const percent = numberOption({ minimum: 1, maximum: 99, whole: true });
  command.addCommand(
    channelSubcommand('widen', 'Give a canary to another share of the gateways.')
      .requiredOption('--percent <percent>', 'share of the gateways', percent)
      .option('--reason <words>', 'kept with the release')
      .action((flags: ChannelFlags & { readonly percent: number }) =>
        withEdge(flags, (client, output) =>
          change(client, output, flags, { action: 'widen', percent: flags.percent }),
        ),
      ),
  );
  return command;
}

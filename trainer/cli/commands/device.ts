// `dandan device`: gateways get their keys, and are seen and removed.
import { deviceNameSchema } from '@dandan/shared/wire';
import { Command } from 'commander';
import * as z from 'zod';
import { type EdgeFlags, edgeCommand, withEdge } from '../edge-command.ts';
import { numberOption } from '../number-option.ts';
import { textOption } from '../text-option.ts';

/** A week, as the edge allows. */
const MAX_MINUTES = 10_080;

const nameOption = textOption(deviceNameSchema);

const codeSchema = z.object({ device: z.string(), code: z.string(), expires: z.string() });

const listSchema = z.object({
  devices: z.array(
    z.object({
      id: z.string(),
      lastSeen: z.string().nullable(),
      removed: z.string().nullable(),
      models: z.array(
        z.object({
          model: z.string(),
          channel: z.string(),
          release: z.int(),
          bundle: z.string(),
          state: z.string(),
          reason: z.string(),
        }),
      ),
    }),
  ),
});

type Device = z.output<typeof listSchema>['devices'][number];

function linesOf({ id, lastSeen, removed, models }: Device): string[] {
  const seen = removed ? `removed ${removed}` : `last seen ${lastSeen ?? 'never'}`;
  return [
    `${id.padEnd(24)}  ${seen}`,
    ...models.map(
      ({ model, channel, release, bundle, state, reason }) =>
        `  ${model}/${channel} release ${release}, ${bundle.slice(0, 12)} ${state} ${reason}`,
    ),
  ];
}

export function deviceCommand(): Command {
  const command = new Command('device').description('Gateways: enrol, list, remove.');
  command.addCommand(
    edgeCommand('enrol', 'Make a one-time code that a gateway changes into its key.')
      .requiredOption('--name <name>', 'name of the gateway', nameOption)
      .option(
        '--minutes <minutes>',
        'how long the code can be used (default: an hour)',
        numberOption({ minimum: 1, maximum: MAX_MINUTES, whole: true }),
      )
      .action((flags: EdgeFlags & { readonly name: string; readonly minutes?: number }) =>
        withEdge(flags, async (client, output) => {
          const { name: device, minutes, edge } = flags;
          const json = { device, ...(minutes !== undefined && { minutes }) };
          const made = codeSchema.parse(await client.call('POST', '/v1/enrolments', { json }));
          output.line(`${made.code}  for ${made.device}, once, until ${made.expires}`);
          output.line('On the gateway:');
          output.line(`  dandan-gateway enrol --edge ${edge} --key-file edge.key`);
          return made;
        }),
      ),
  );
  command.addCommand(
    edgeCommand('list', 'List gateways, when they were last heard of and what they run.').action(
      (flags: EdgeFlags) =>
        withEdge(flags, async (client, output) => {
          const { devices } = listSchema.parse(await client.call('GET', '/v1/devices'));
          for (const device of devices) for (const line of linesOf(device)) output.line(line);
          return { devices };
        }),
    ),
  );
  command.addCommand(
    edgeCommand('remove', 'Revoke the keys of a gateway and no longer wait for it.')
      .requiredOption('--name <name>', 'name of the gateway', nameOption)
      .action((flags: EdgeFlags & { readonly name: string }) =>
        withEdge(flags, async (client, output) => {
          await client.call('DELETE', `/v1/devices/${flags.name}`);
          output.line(`${flags.name} is removed; its keys no longer work`);
          return { device: flags.name };
        }),
      ),
  );
  return command;
}

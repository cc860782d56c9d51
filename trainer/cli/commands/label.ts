// `dandan label`: hard cases of an edge, looked at, labelled, and read out to train on.
import { modelNameSchema } from '@dandan/shared/bundle';
import { Command, Option } from 'commander';
import * as z from 'zod';
import type { EdgeClient } from '../../edge-client/edge-client.ts';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import { type EdgeFlags, edgeCommand, withEdge } from '../edge-command.ts';
import { numberOption } from '../number-option.ts';
import { textOption } from '../text-option.ts';

const caseSchema = z.object({
  id: z.string(),
  model: z.string(),
  at: z.string(),
  reason: z.string(),
  device: z.string().nullable(),
  key: z.string(),
  answer: z.string(),
  confidence: z.number(),
  fullAnswer: z.string().nullable(),
  state: z.string(),
  label: z.string().nullable(),
});

type HardCase = z.output<typeof caseSchema>;

const pageSchema = z.object({ cases: z.array(caseSchema), next: z.string().nullable() });

const sha256Option = textOption(z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'));
const modelOption = textOption(modelNameSchema);

/** As the edge gives them out. */
const MAX_PAGE = 200;

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

interface ListFlags extends EdgeFlags {
  readonly model: string;
  readonly state: string;
  readonly limit: number;
}

interface SetFlags extends EdgeFlags {
  readonly id: string;
  readonly label?: string;
  readonly new: boolean;
  readonly skip: boolean;
}

interface ExportFlags extends EdgeFlags {
  readonly model: string;
  readonly out: string;
  readonly format: keyof typeof TYPES;
  readonly all: boolean;
  readonly bundle?: string;
}

function lineOf({ id, at, reason, device, key, answer, confidence, ...rest }: HardCase): string {
  const { fullAnswer, state, label } = rest;
  const full = fullAnswer === null ? '' : ` (all stages: ${fullAnswer})`;
  const said = state === 'labelled' ? `labelled ${label}` : state;
  return `${id}  ${at}  ${device ?? key}  ${answer} ${confidence.toFixed(3)}${full}  ${reason}  ${said}`;
}

async function list(client: EdgeClient, { model, state, limit }: ListFlags): Promise<HardCase[]> {
  const cases: HardCase[] = [];
  let after: string | null = '';
  while (after !== null && cases.length < limit) {
    const size = Math.min(MAX_PAGE, limit - cases.length);
    const query = new URLSearchParams({ model, state, limit: String(size), after });
    const page: z.output<typeof pageSchema> = pageSchema.parse(
      await client.call('GET', `/v1/hard-cases?${query}`),
    );
    cases.push(...page.cases);
    after = page.next;
  }
  return cases;
}

async function exportTable(client: EdgeClient, flags: ExportFlags): Promise<object> {
  const { model, out, format, all, bundle } = flags;
  const query = new URLSearchParams({ model, format, state: all ? 'all' : 'labelled' });
  if (bundle !== undefined) query.set('bundle', bundle);
  const bytes = await client.download(`/v1/hard-cases/export?${query}`, TYPES[format]);
  await writeFileAtomic(out, bytes);
  const lines = bytes.reduce((count, byte) => count + Number(byte === 10), 0);
  // A quoted label cannot hold a line's end: the edge takes none.
  return { model, out, format, cases: format === 'csv' ? lines - 1 : lines };
}

function listCommand(): Command {
  return edgeCommand('list', 'List rows that are worth a label.')
    .requiredOption('--model <name>', 'model that answered', modelOption)
    .addOption(
      new Option('--state <state>', 'which of them')
        .choices(['open', 'labelled', 'skipped', 'all'])
        .default('open'),
    )
    .option(
      '--limit <number>',
      'at most as many',
      numberOption({ minimum: 1, maximum: 100_000, whole: true }),
      100,
    )
    .action((flags: ListFlags) =>
      withEdge(flags, async (client, output) => {
        const cases = await list(client, flags);
        for (const each of cases) output.line(lineOf(each));
        return { cases };
      }),
    );
}

function setCommand(): Command {
  return edgeCommand('set', 'Label a row, or skip it.')
    .requiredOption('--id <sha256>', 'id of the case, as list shows it', sha256Option)
    .addOption(new Option('--label <class>', 'its class').conflicts('skip'))
    .option('--new', 'take a label that is no class of the bundle', false)
    .option('--skip', 'leave it without a label', false)
    .action((flags: SetFlags, command: Command) =>
      withEdge(flags, async (client, output) => {
        const { id, label, skip } = flags;
        if (label === undefined && !skip) command.error('error: give --label or --skip');
        const json = { label: label ?? null, ...(flags.new && { new: true }) };
        const set = await client.call('PUT', `/v1/hard-cases/${id}/label`, { json });
        output.line(lineOf(caseSchema.parse(set)));
        return set;
      }),
    );
}

function exportCommand(): Command {
  return edgeCommand('export', 'Write labelled rows as a node table that train reads.')
    .requiredOption('--model <name>', 'model that answered', modelOption)
    .requiredOption('--out <file>', 'the table, e.g. hard/nodes.csv')
    .addOption(
      new Option('--format <format>', 'of the table').choices(['csv', 'ndjson']).default('csv'),
    )
    .option('--bundle <sha256>', 'cases of this bundle alone', sha256Option)
    .option('--all', 'with rows that have no label', false)
    .action((flags: ExportFlags) =>
      withEdge(flags, async (client, output) => {
        const figures = await exportTable(client, flags);
        output.line(
          `${flags.out} holds the ${flags.all ? '' : 'labelled '}cases of ${flags.model}`,
        );
        return figures;
      }),
    );
}

export function labelCommand(): Command {
  const command = new Command('label').description(
    'Rows that the model is unsure of: list them, label them, export them to train on.',
  );
  for (const each of [listCommand(), setCommand(), exportCommand()]) command.addCommand(each);
  return command;
}

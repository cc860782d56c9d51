// `dandan policy`: looks at, tries and sets the policy documents of an edge.
import { modelNameSchema } from '@dandan/shared/bundle';
import { Command } from 'commander';
import * as z from 'zod';
import { type EdgeClient, refusalCode } from '../../edge-client/edge-client.ts';
import {
  decisionAnswer,
  dryRunAnswer,
  policyAnswer,
  policyListAnswer,
} from '../../edge-client/policy-answers.ts';
import { type EdgeFlags, edgeCommand, withEdge } from '../edge-command.ts';
import type { Output } from '../output.ts';
import { readPolicyFile } from '../read-policy-file.ts';
import { differenceLines, dryRunLines, policyLines } from '../terminal/policy-text.ts';
import { textOption } from '../text-option.ts';

/** The document of all models without their own. */
const ALL_MODELS = '*';

interface ModelFlags extends EdgeFlags {
  readonly model: string;
}

interface FileFlags extends ModelFlags {
  readonly file: string;
  readonly date?: string;
}

const pathOf = (model: string) => `/v1/policies/${model}`;

/** The current document of a model, if it has one of its own. */
async function currentPolicy(client: EdgeClient, model: string) {
  try {
    return policyAnswer.parse(await client.call('GET', pathOf(model)));
  } catch (error) {
    if (refusalCode(error) === 'document-unknown') return undefined;
    throw error;
  }
}

async function list(client: EdgeClient, output: Output) {
  const { policies } = policyListAnswer.parse(await client.call('GET', '/v1/policies'));
  for (const { model, version, created } of policies) {
    output.line(`${model}: version ${version} of ${created.slice(0, 16)}Z`);
  }
  if (policies.length === 0) output.line('No model has a policy document: day holds.');
  return { policies };
}

async function show(client: EdgeClient, output: Output, { model }: Partial<ModelFlags>) {
  if (model === undefined) return list(client, output);
  const policy = policyAnswer.parse(await client.call('GET', pathOf(model)));
  // Of all models there is no one decision: each may have a document of its own.
  const decision =
    model === ALL_MODELS
      ? undefined
      : decisionAnswer.parse(await client.call('GET', `${pathOf(model)}/decision`));
  for (const line of policyLines(policy, decision)) output.line(line);
  return { ...policy, ...(decision && { decision }) };
}

async function set(client: EdgeClient, output: Output, { model, file, edge }: FileFlags) {
  const document = await readPolicyFile(file);
  const before = await currentPolicy(client, model);
  // What the user is shown is what is replaced: another version in between is refused.
  const condition: Record<string, string> = before
    ? { 'if-match': `"${before.version}"` }
    : { 'if-none-match': '*' };
  const stored = await client.call('PUT', pathOf(model), { json: document }, condition);
  const { version } = policyAnswer.parse(stored);
  const change =
    version === before?.version
      ? `version ${version} stays`
      : `version ${before?.version ?? 'none'} → ${version}`;
  output.line(`${model} at ${edge}: ${change}`);
  for (const line of differenceLines(before?.document, document)) output.line(line);
  return { model, version, before: before?.version ?? null };
}

async function dryRun(client: EdgeClient, output: Output, { model, file, date }: FileFlags) {
  const document = await readPolicyFile(file);
  const query = date === undefined ? '' : `?${new URLSearchParams({ date })}`;
  const path = `${pathOf(model)}/dry-run${query}`;
  const answer = await client.call('POST', path, { json: document });
  for (const line of dryRunLines(dryRunAnswer.parse(answer))) output.line(line);
  return answer;
}

const MODEL = `model, or '${ALL_MODELS}' for all models without a document of their own`;
const FILE = 'policy document in YAML or JSON; see docs/policies';

const NAME = `a model's name, or '${ALL_MODELS}' for all models without a document of their own`;
const modelOption = textOption(
  z.string().refine((name) => name === ALL_MODELS || modelNameSchema.safeParse(name).success, NAME),
);

export function policyCommand(): Command {
  const command = new Command('policy').description(
    'Say when which policy holds at an edge, and what caps load and cost.',
  );
  command.addCommand(
    edgeCommand('show', 'Show what is in force, and what it decides now.')
      .option('--model <name>', `${MODEL}; lists all documents without it`, modelOption)
      .action((flags: EdgeFlags & Partial<ModelFlags>) =>
        withEdge(flags, (client, output) => show(client, output, flags)),
      ),
  );
  const withFile = (name: string, description: string) =>
    edgeCommand(name, description)
      .requiredOption('--model <name>', MODEL, modelOption)
      .requiredOption('--file <file>', FILE);
  command.addCommand(
    withFile('set', 'Put a document in force; says what it changes.').action((flags: FileFlags) =>
      withEdge(flags, (client, output) => set(client, output, flags)),
    ),
  );
  command.addCommand(
    withFile('dry-run', 'Tell what a document would have changed on past traffic.')
      .option('--date <date>', "in the document's time zone; yesterday without it")
      .action((flags: FileFlags) =>
        withEdge(flags, (client, output) => dryRun(client, output, flags)),
      ),
  );
  return command;
}

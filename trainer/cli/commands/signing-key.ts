// `dandan signing-key`: the keys whose signatures make a release.
import { exportPublicKey } from '@dandan/shared/release';
import { Command } from 'commander';
import * as z from 'zod';
import { createSigningKeyFile } from '../../release/signing-key-file.ts';
import { trustKey } from '../../release/trust-first-key.ts';
import { type EdgeFlags, edgeCommand, withEdge } from '../edge-command.ts';
import { createOutput } from '../output.ts';
import { requireSigningKey, signingKeyOption } from '../signing-key.ts';
import { textOption } from '../text-option.ts';

interface KeyFlags {
  readonly signingKey: string;
  readonly json: boolean;
}

const listSchema = z.object({
  signingKeys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      created: z.string(),
      revoked: z.string().nullable(),
    }),
  ),
});

const idOption = textOption(z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'));

async function create({ signingKey, json }: KeyFlags): Promise<void> {
  const output = createOutput(json);
  const key = await createSigningKeyFile(signingKey);
  const publicKey = await exportPublicKey(key);
  output.line(`Made ${signingKey}; keep a copy in a safe place.`);
  output.line(`id          ${key.id}`);
  output.line(`public key  ${publicKey}`);
  output.result({ file: signingKey, id: key.id, publicKey });
}

export function signingKeyCommand(): Command {
  const command = new Command('signing-key').description(
    'Keys that sign releases: made here, trusted by the edge and by gateways.',
  );
  command
    .command('create')
    .description('Make a signing key in a new file.')
    .addOption(signingKeyOption())
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action(create);
  command.addCommand(
    edgeCommand('add', 'Make an edge trust a signing key.')
      .addOption(signingKeyOption())
      .option('--name <name>', 'whose it is, for listings', 'release')
      .action((flags: EdgeFlags & KeyFlags & { readonly name: string }) =>
        withEdge(flags, async (client, output) => {
          const key = await requireSigningKey(flags.signingKey);
          await trustKey(client, key, flags.name);
          output.line(`${flags.edge} trusts ${key.id}`);
          return { id: key.id };
        }),
      ),
  );
  command.addCommand(
    edgeCommand('list', 'List the keys that an edge trusts, and those it no longer does.').action(
      (flags: EdgeFlags) =>
        withEdge(flags, async (client, output) => {
          const { signingKeys } = listSchema.parse(await client.call('GET', '/v1/signing-keys'));
          for (const { id, name, created, revoked } of signingKeys) {
            output.line(`${id}  ${created}  ${name}${revoked ? `  revoked ${revoked}` : ''}`);
          }
          return { signingKeys };
        }),
    ),
  );
  command.addCommand(
    edgeCommand('revoke', 'Make an edge no longer trust a key; this cannot be undone.')
      .requiredOption('--id <id>', 'id of the key', idOption)
      .action((flags: EdgeFlags & { readonly id: string }) =>
        withEdge(flags, async (client, output) => {
          await client.call('DELETE', `/v1/signing-keys/${flags.id}`);
          output.line(`${flags.edge} no longer trusts ${flags.id}`);
          return { id: flags.id };
        }),
      ),
  );
  return command;
}

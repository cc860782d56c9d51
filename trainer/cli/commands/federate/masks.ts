// `dandan federate key` and `roster`: who takes part in a round whose counts nobody can read.
import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import {
  createRoster,
  publicKeySchema,
  rosterFingerprint,
} from '../../../federate/masks/roster.ts';
import { createSiteKeyFile } from '../../../federate/masks/site-key-file.ts';
import { readJsonFile } from '../../../federate/read-summary.ts';
import { siteNameSchema } from '../../../federate/summary.ts';
import { writeFileAtomic } from '../../../run/write-file-atomic.ts';
import { createOutput } from '../../output.ts';
import { textOption } from '../../text-option.ts';

interface KeyFlags {
  site: string;
  key: string;
  out: string;
  json: boolean;
}

interface RosterFlags {
  keys: string[];
  out: string;
  json: boolean;
}

const ROUND_BYTES = 16;

async function makeKey({ site, key, out, json }: KeyFlags): Promise<void> {
  const output = createOutput(json);
  const { publicKey } = await createSiteKeyFile(key);
  const shown = { kind: 'dandan-site-key', site, publicKey };
  await writeFileAtomic(out, `${JSON.stringify(shown)}\n`);
  output.line(`${key} stays at this site; send ${out} to whoever makes the roster.`);
  output.result({ site, publicKey, key, out });
}

async function makeRoster({ keys, out, json }: RosterFlags): Promise<void> {
  const output = createOutput(json);
  const sites = [];
  for (const file of keys) sites.push(await readJsonFile(file, publicKeySchema, 'key of a site'));
  const roster = createRoster(sites, randomBytes(ROUND_BYTES).toString('hex'));
  await writeFileAtomic(out, `${JSON.stringify(roster, null, 2)}\n`);
  const fingerprint = await rosterFingerprint(roster);
  output.line(`${out}  ${roster.sites.length} sites, fingerprint ${fingerprint}`);
  output.line('Every site checks the names, and reads the fingerprint to the others, before it');
  output.line('sends anything: who makes up the other sites can subtract their masks.');
  output.result({ sites: roster.sites.map(({ site }) => site), fingerprint, out });
}

export function keyCommand(): Command {
  return new Command('key')
    .description('Make the key that masks the summaries of this site.')
    .requiredOption('--site <name>', 'name of the site', textOption(siteNameSchema))
    .requiredOption('--key <file>', 'the private half, which stays here')
    .requiredOption('--out <file>', 'the public half, for the roster')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: KeyFlags) => makeKey(flags));
}

export function rosterCommand(): Command {
  return new Command('roster')
    .description('List the sites of one masked round; every round needs a new list.')
    .requiredOption('--keys <file...>', 'public half of the key of each site, three or more')
    .requiredOption('--out <file>', 'the roster, for all sites')
    .option('--json', 'one JSON object as the last line of stdout', false)
    .action((flags: RosterFlags) => makeRoster(flags));
}

// `dandan-gateway policy`: the word of a person at the gateway, for some hours.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { POLICY_NAMES, type PolicyName } from '@dandan/shared/policy';
import { parseConfig } from '../config/index.ts';
import {
  holds,
  MAX_OVERRIDE_MS,
  OVERRIDE_FILE,
  readOverride,
  removeOverride,
  writeOverride,
} from '../control/policy/index.ts';
import { EXIT, type Streams } from './output.ts';

interface CommonOptions {
  readonly config: string;
  readonly json: boolean;
}

export interface PolicySetOptions extends CommonOptions {
  readonly policy: string;
  /** E.g. `2h`. */
  readonly for: string;
  readonly note?: string | undefined;
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The gateway looks at the file once a second. */
const SOON = 'a running gateway follows within a second';

/** Milliseconds of `90s`, `30m`, `2h` or `1d`. @throws {InputError} `option-invalid`. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(amount) * UNITS[unit as keyof typeof UNITS];
  if (ms > 0 && ms <= MAX_OVERRIDE_MS) return ms;
  throw new InputError('option-invalid', `Cannot set a policy for '${text}'`, {
    field: '--for',
    value: text,
    allowed: 'seconds, minutes, hours or days up to a week, e.g. 90s, 30m, 2h, 1d',
  });
}

function policyName(text: string): PolicyName {
  const name = POLICY_NAMES.find((each) => each === text);
  if (name !== undefined) return name;
  throw new InputError('policy-unknown', `There is no policy '${text}'`, {
    field: 'policy',
    value: text,
    allowed: POLICY_NAMES.join(', '),
  });
}

/** Not by `readConfig`: secrets are for the service, whoever sets a policy need not have them. */
async function overrideFileOf(config: string): Promise<string> {
  const text = await readFile(config, 'utf8').catch((cause: unknown) => {
    throw new InputError('config-invalid', `Cannot read the configuration ${config}`, {
      field: '--config',
      value: config,
      allowed: 'a readable file',
      cause,
    });
  });
  const { data } = parseConfig({ file: basename(config), text });
  return join(resolve(dirname(config), data), OVERRIDE_FILE);
}

function orExplain(file: string, act: () => void): void {
  try {
    act();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new InputError('output-unwritable', `Cannot write ${file}: ${code ?? message}`, {
      field: 'data',
      value: file,
      allowed: "the gateway's data folder, writable for this user",
      cause,
    });
  }
}

/** @throws {InputError} `option-invalid`, `policy-unknown`, `config-invalid`, `output-unwritable`. */
export async function setPolicy(options: PolicySetOptions, { out }: Streams): Promise<number> {
  const policy = policyName(options.policy);
  const duration = parseDuration(options.for);
  const file = await overrideFileOf(options.config);
  const since = Date.now();
  const until = since + duration;
  // One printable line, whatever the shell hands over.
  const note = options.note?.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200);
  const override = { policy, since, until, ...(note !== undefined && { note }) };
  orExplain(file, () => writeOverride(file, override));
  const ends = new Date(until).toISOString();
  out(options.json ? `${JSON.stringify({ override })}\n` : `${policy} until ${ends}; ${SOON}\n`);
  return EXIT.ok;
}

/** @throws {InputError} `config-invalid`, `output-unwritable`. */
export async function clearPolicy({ config, json }: CommonOptions, { out }: Streams) {
  const file = await overrideFileOf(config);
  orExplain(file, () => removeOverride(file));
  out(json ? `${JSON.stringify({ override: null })}\n` : `no override; ${SOON}\n`);
  return EXIT.ok;
}

/** @throws {InputError} `config-invalid`. */
export async function showPolicy({ config, json }: CommonOptions, { out }: Streams) {
  const reading = readOverride(await overrideFileOf(config));
  const override = reading.kind === 'override' ? reading.override : null;
  const inForce = override !== null && holds(override, Date.now());
  if (json) out(`${JSON.stringify({ override, inForce })}\n`);
  else if (reading.kind === 'unusable') out(`an override that is not usable: ${reading.reason}\n`);
  else if (override === null) out('no override\n');
  else {
    const ends = new Date(override.until).toISOString();
    out(`${override.policy} until ${ends}${inForce ? '' : ', which is over'}\n`);
  }
  return EXIT.ok;
}

// One message on `…/desired`, read field by field: what can be taken is, what cannot has its reason.
import { createHash } from 'node:crypto';
import { modelNameSchema } from '@dandan/shared/bundle';
import {
  type Desired,
  desiredFields,
  desiredVersionSchema,
  MAX_DESIRED_BYTES,
  MAX_DESIRED_MODELS,
  MAX_REPORTED_REASON,
  type ModelRequest,
  type Reported,
} from '@dandan/shared/wire';
import type * as z from 'zod';

/** What is wanted; every part may be absent. */
export interface Settings {
  readonly policy?: Desired['policy'];
  readonly models: Readonly<Record<string, ModelRequest>>;
  readonly schedule?: Desired['schedule'];
  readonly outputs?: Desired['outputs'];
  readonly logLevel?: Desired['logLevel'];
}

export interface Refusal {
  readonly code: 'field-invalid' | 'field-unknown' | 'not-allowed' | 'failed';
  readonly reason: string;
}

export type Problem = NonNullable<Reported['problem']>;

export type DesiredMessage =
  /** An empty message: nothing is wanted any more. */
  | { readonly kind: 'cleared' }
  | { readonly kind: 'unusable'; readonly problem: Problem }
  | {
      readonly kind: 'desired';
      readonly version: number;
      /** The same for the same content, however it is written. */
      readonly digest: string;
      readonly settings: Settings;
      /** By field, `models.{model}` for each model. */
      readonly refused: Readonly<Record<string, Refusal>>;
    };

/** Text of an operator's document that may be repeated: one line, not long. */
export const shortReason = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, ' ').slice(0, MAX_REPORTED_REASON);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, each]) => [name, sorted(each)]);
}

function unusable(code: Problem['code'], reason: string): DesiredMessage {
  return { kind: 'unusable', problem: { code, reason: shortReason(reason) } };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function parseObject(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(payload));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Told as any other content that is no object.
  }
  return undefined;
}

const FIELDS = ['version', 'policy', 'models', 'schedule', 'outputs', 'logLevel'];

/** The deepest complaint of a union: that of the document where the value is an object. */
function complaintOf({ issues: [issue] }: z.ZodError): string {
  let deepest: { readonly path: readonly PropertyKey[]; readonly message: string } = issue;
  if (issue.code === 'invalid_union') {
    const last = issue.errors.at(-1)?.[0];
    if (last !== undefined)
      deepest = { path: [...issue.path, ...last.path], message: last.message };
  }
  const where = deepest.path.map(String).join('.');
  return `${where === '' ? '' : `${where}: `}${deepest.message}`;
}

/** Reads a message; never throws. */
export function readDesired(payload: Uint8Array): DesiredMessage {
  if (payload.byteLength === 0) return { kind: 'cleared' };
  if (payload.byteLength > MAX_DESIRED_BYTES) {
    const { byteLength } = payload;
    return unusable('too-large', `${byteLength} bytes; allowed: at most ${MAX_DESIRED_BYTES}`);
  }
  const message = parseObject(payload);
  if (message === undefined) return unusable('not-json', 'allowed: a JSON object');
  const version = desiredVersionSchema.safeParse(message.version);
  if (!version.success) {
    const shown = JSON.stringify(message.version)?.slice(0, 40) ?? 'absent';
    return unusable('version-invalid', `version is ${shown}; allowed: a whole number from 1`);
  }

  const refused = new Map<string, Refusal>();
  const refuse = (field: string, code: Refusal['code'], reason: string) =>
    refused.set(field, { code, reason: shortReason(reason) });

  function field<K extends keyof typeof desiredFields>(
    kind: K,
    name: string,
    value: unknown,
  ): z.output<(typeof desiredFields)[K]> | undefined {
    if (value === undefined) return undefined;
    const read = desiredFields[kind].safeParse(value);
    if (read.success) return read.data as z.output<(typeof desiredFields)[K]>;
    refuse(name, 'field-invalid', complaintOf(read.error));
    return undefined;
  }

  function models(value: unknown): Record<string, ModelRequest> {
    if (value === undefined) return {};
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    if (entries.length > MAX_DESIRED_MODELS || typeof value !== 'object' || Array.isArray(value)) {
      refuse('models', 'field-invalid', `an object of at most ${MAX_DESIRED_MODELS} models`);
      return {};
    }
    const taken: [string, ModelRequest][] = [];
    for (const [name, request] of entries) {
      if (!modelNameSchema.safeParse(name).success) {
        refuse('models', 'field-invalid', `'${name.slice(0, 64)}' is no name of a model`);
        continue;
      }
      const read = field('model', `models.${name}`, request);
      if (read !== undefined) taken.push([name, read]);
    }
    return Object.fromEntries(taken);
  }

  for (const name of Object.keys(message)) {
    if (FIELDS.includes(name)) continue;
    // One entry for all of them: a message may hold thousands.
    refuse('unknown', 'field-unknown', `'${name.slice(0, 64)}'; allowed: ${FIELDS.join(', ')}`);
  }
  const policy = field('policy', 'policy', message.policy);
  const schedule = field('schedule', 'schedule', message.schedule);
  const outputs = field('outputs', 'outputs', message.outputs);
  const logLevel = field('logLevel', 'logLevel', message.logLevel);
  return {
    kind: 'desired',
    version: version.data,
    digest: createHash('sha256')
      .update(JSON.stringify(sorted(message)))
      .digest('hex'),
    settings: {
      models: models(message.models),
      ...(policy !== undefined && { policy }),
      ...(schedule !== undefined && { schedule }),
      ...(outputs !== undefined && { outputs }),
      ...(logLevel !== undefined && { logLevel }),
    },
    refused: Object.fromEntries(refused),
  };
}

// What a gateway holds of the wishes from afar: a fold over messages, pure and plain data, kept on
// disk as it is. Versions only grow; what is refused leaves what was in force.
import { desiredFields, type FieldOutcome, type ModelRequest } from '@dandan/shared/wire';
import * as z from 'zod';
import type { DesiredMessage, Problem, Refusal, Settings } from './desired-message.ts';

export interface RemoteState {
  /** Version acted on; 0: none, or cleared. */
  readonly version: number;
  /** Highest version acted on: it stays when the wishes are cleared, so that old ones do not return. */
  readonly highest: number;
  /** Of the message of `highest`. */
  readonly digest: string;
  readonly settings: Settings;
  readonly fields: Readonly<Record<string, FieldOutcome>>;
  /** Why the newest message was not acted on; not kept on disk. */
  readonly problem?: Problem | undefined;
}

export const EMPTY_STATE: RemoteState = {
  version: 0,
  highest: 0,
  digest: '',
  settings: { models: {} },
  fields: {},
};

/** What this gateway's own file allows of the wishes; a refusal says why. */
export interface Limits {
  /** Of a model: whether the gateway runs it and gets it from the edge. */
  model(name: string, request: ModelRequest): string | undefined;
  outputs(outputs: NonNullable<Settings['outputs']>): string | undefined;
  schedule(schedule: NonNullable<Settings['schedule']>): string | undefined;
}

export type RemoteEvent =
  | { readonly kind: 'message'; readonly message: DesiredMessage; readonly limits: Limits }
  /** What was accepted could not be done after all. */
  | {
      readonly kind: 'failed';
      readonly field: string;
      readonly version: number;
      readonly reason: string;
    };

const SINGLE = ['policy', 'schedule', 'outputs', 'logLevel'] as const;

function notAllowed({ models, outputs, schedule }: Settings, limits: Limits): Map<string, Refusal> {
  const refused = new Map<string, Refusal>();
  const refuse = (field: string, reason: string | undefined) => {
    if (reason !== undefined) refused.set(field, { code: 'not-allowed', reason });
  };
  for (const [name, request] of Object.entries(models)) {
    refuse(`models.${name}`, limits.model(name, request));
  }
  if (outputs !== undefined) refuse('outputs', limits.outputs(outputs));
  if (schedule !== undefined) refuse('schedule', limits.schedule(schedule));
  return refused;
}

function accept(
  state: RemoteState,
  message: Extract<DesiredMessage, { kind: 'desired' }>,
  limits: Limits,
): RemoteState {
  const { version, digest, settings } = message;
  const refused = new Map([...Object.entries(message.refused), ...notAllowed(settings, limits)]);
  // A refused field keeps what was in force, if anything was; an absent one is no longer wanted.
  const single = Object.fromEntries(
    SINGLE.map((name) => [name, (refused.has(name) ? state.settings : settings)[name]]).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const requested = { ...settings.models };
  for (const name of Object.keys(requested)) {
    if (refused.has(`models.${name}`)) delete requested[name];
  }
  const kept = Object.entries(state.settings.models).filter(
    ([name]) => refused.has('models') || refused.has(`models.${name}`),
  );
  const accepted = [
    ...SINGLE.filter((name) => settings[name] !== undefined && !refused.has(name)),
    ...Object.keys(requested).map((name) => `models.${name}`),
  ];
  const fields: Record<string, FieldOutcome> = {};
  for (const name of accepted) fields[name] = { outcome: 'accepted', version };
  for (const [name, refusal] of refused) fields[name] = { outcome: 'refused', version, ...refusal };
  return {
    version,
    highest: version,
    digest,
    settings: { ...single, models: { ...Object.fromEntries(kept), ...requested } },
    fields,
  };
}

function told(state: RemoteState, code: Problem['code'], reason: string): RemoteState {
  return { ...state, problem: { code, reason } };
}

/** The state after `event`; the same object where nothing of it changes. */
export function reduceRemote(state: RemoteState, event: RemoteEvent): RemoteState {
  if (event.kind === 'failed') {
    const { field, version, reason } = event;
    // A later message has spoken of the field since.
    if (state.fields[field]?.version !== version) return state;
    const outcome: FieldOutcome = { outcome: 'refused', version, code: 'failed', reason };
    return { ...state, fields: { ...state.fields, [field]: outcome } };
  }
  const { message, limits } = event;
  if (message.kind === 'unusable') return { ...state, problem: message.problem };
  if (message.kind === 'cleared') {
    if (state.version === 0 && state.problem === undefined) return state;
    const { highest, digest } = state;
    return { ...EMPTY_STATE, highest, digest };
  }
  const { version, digest } = message;
  const { highest } = state;
  if (version > highest) return accept(state, message, limits);
  const wanted = `allowed: above ${highest}`;
  if (version < highest) return told(state, 'version-old', `version ${version}; ${wanted}`);
  if (digest !== state.digest) {
    return told(state, 'version-reused', `version ${version} with other content; ${wanted}`);
  }
  // The broker says it again with every connection. Cleared wishes come back with a new version.
  if (state.version === 0) return told(state, 'version-old', `version ${version}; ${wanted}`);
  return state.problem === undefined ? state : { ...state, problem: undefined };
}

const version = z.int().min(0);

const keptSchema = z.object({
  schema: z.literal(1),
  version,
  highest: version,
  digest: z.string(),
  settings: z.object({
    policy: desiredFields.policy.optional(),
    models: z.record(z.string(), desiredFields.model),
    schedule: desiredFields.schedule.optional(),
    outputs: desiredFields.outputs.optional(),
    logLevel: desiredFields.logLevel.optional(),
  }),
  fields: z.record(
    z.string(),
    z.custom<FieldOutcome>((value) => typeof value === 'object'),
  ),
});

/** The state as it is kept on disk. */
export const toKept = ({ problem: _, ...state }: RemoteState): unknown => ({ schema: 1, ...state });

/** The state of what was kept; `undefined` where it is none. */
export function fromKept(value: unknown): RemoteState | undefined {
  const read = keptSchema.safeParse(value);
  if (!read.success) return undefined;
  const { schema: _, ...state } = read.data;
  return state as RemoteState;
}

// What is told on `…/reported`, from what is in force.
import { type Reported, UPDATE_STATES, type UpdateState } from '@dandan/shared/wire';
import type { PolicyInForce } from '../policy/index.ts';
import { shortReason } from './desired-message.ts';
import type { RemoteState } from './remote-state.ts';

export interface ModelFacts {
  readonly model: string;
  /** SHA-256 of the bundle that runs. */
  readonly bundle?: string;
  readonly channel?: string;
  readonly release?: number;
  readonly stages: number;
  readonly update: {
    readonly state: UpdateState;
    readonly bundle?: string;
    readonly reason: string;
  };
}

/** What the gateway says of itself at the moment of a report. */
export interface Facts {
  readonly policy: PolicyInForce;
  readonly models: readonly ModelFacts[];
  readonly logLevel: Reported['logLevel'];
}

export interface ReportOptions {
  readonly state: RemoteState;
  readonly facts: Facts;
  /** Name and version of the program. */
  readonly software: string;
  /** Start of the gateway, milliseconds since the epoch. */
  readonly since: number;
}

/** A report without its time: two that are equal need not both be sent. */
export function reportOf(options: ReportOptions): Omit<Reported, 't'> {
  const { state, facts, software, since } = options;
  const { version, highest, problem, fields } = state;
  const { policy, models, logLevel } = facts;
  return {
    software,
    since,
    version,
    highest,
    ...(problem !== undefined && { problem }),
    fields,
    policy: { ...policy, reason: shortReason(policy.reason) },
    models: models.map(({ update, ...model }) => ({
      ...model,
      update: {
        ...update,
        state: UPDATE_STATES.includes(update.state) ? update.state : 'failed',
        reason: shortReason(update.reason),
      },
    })),
    logLevel,
  };
}

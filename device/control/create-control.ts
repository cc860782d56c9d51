// Who decides on a gateway: its file, operators from afar, the person who stands before it.
import { join } from 'node:path';
import type { Topics } from '@dandan/shared/wire';
import type { GatewayConfig } from '../config/index.ts';
import type { RootLogger } from '../log/index.ts';
import type { Updater } from '../models/update/index.ts';
import type { Transport } from '../mqtt/index.ts';
import type { Outgoing } from '../outputs/index.ts';
import { widensRules, withDesired } from '../outputs/prediction/index.ts';
import {
  createPolicyWatch,
  OVERRIDE_FILE,
  type PolicyInForce,
  type PolicySetting,
  type PolicyWatch,
  readPolicy,
} from './policy/index.ts';
import {
  createRemoteControl,
  createUpdateWindow,
  type FollowedModel,
  type ModelFacts,
  type RemoteControl,
  refuseModel,
  requestModel,
  type UpdateWindow,
} from './remote/index.ts';

export interface ControlOptions {
  readonly config: GatewayConfig;
  readonly topics: Topics;
  readonly home: Transport;
  readonly software: string;
  readonly queueDepth: () => number;
  readonly outgoing: Outgoing;
  readonly updater: () => Updater;
  /** Models that are configured, for what may be asked for. */
  readonly followed: () => readonly FollowedModel[];
  readonly models: () => readonly ModelFacts[];
  readonly onPolicy: (inForce: PolicyInForce) => void;
  readonly log: RootLogger;
}

export interface Control {
  readonly policy: PolicyWatch;
  /** `undefined` where the configuration lets nobody steer from afar. */
  readonly remote: RemoteControl | undefined;
  /** When bundles may change. */
  readonly updateWindow: UpdateWindow;
}

/** A document may stand in a file of its own. @throws {InputError} `config-invalid`. */
function settingOf(policy: GatewayConfig['policy']): PolicySetting {
  return typeof policy === 'object' && 'file' in policy ? readPolicy(policy.file) : policy;
}

export function createControl(options: ControlOptions): Control {
  const { config, topics, home, software, outgoing, updater, models, log } = options;
  const rules = config.outputs.prediction;
  let updateWindow = createUpdateWindow(undefined);
  const policy = createPolicyWatch({
    configured: settingOf(config.policy),
    overrideFile: join(config.data, OVERRIDE_FILE),
    queueDepth: options.queueDepth,
    log,
    onChange(inForce) {
      options.onPolicy(inForce);
      remote?.touch();
    },
  });
  const remote = config.remote.enabled
    ? createRemoteControl({
        transport: home,
        topics,
        file: join(config.data, 'remote.json'),
        limits: {
          model: (name, request) => refuseModel(options.followed(), name, request),
          outputs: ({ prediction }) => widensRules(prediction, rules),
          schedule: () => undefined,
        },
        apply: {
          policy: (setting) => policy.setRemote(setting),
          schedule(schedule) {
            updateWindow = createUpdateWindow(schedule);
          },
          outputs: (wish) => outgoing.setRules(withDesired(rules, wish?.prediction)),
          logLevel(level) {
            log.level = level ?? config.logLevel;
          },
          model: (name, request) => requestModel(updater(), name, request),
        },
        facts: () => ({
          policy: policy.current(),
          models: models(),
          logLevel: log.level,
        }),
        software,
        reportIntervalMs: config.remote.reportIntervalMs,
        log,
      })
    : undefined;

  return {
    policy,
    remote,
    get updateWindow() {
      return updateWindow;
    },
  };
}

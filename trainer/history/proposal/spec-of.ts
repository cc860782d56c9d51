// The feature spec of a project: what plant.yaml states, and the proposal where it leaves it open.
import { basename } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { featureSpecSchema, type TelemetrySpec } from '@dandan/shared/features';
import { assetPositions } from '../positions/index.ts';
import type { ReadProject } from '../project/read-project.ts';
import type { PlantProject } from '../project/schema.ts';
import type { Topology } from '../topology.ts';
import { type Proposal, type ProposeFeaturesOptions, proposeFeatures } from './propose-features.ts';

export interface SpecOfOptions
  extends ProposeFeaturesOptions,
    Partial<Pick<ReadProject, 'file' | 'lineOf'>> {
  /** @default {made from the telemetry} */
  readonly proposal?: Proposal | undefined;
  /** What feeds what, where `features` names `upstream` columns alone, or a number of `positions`. */
  readonly topology?: Topology | undefined;
}

/** A count window is due as often, in samples, as one by time. */
const ROWS_A_WINDOW = 4;

function windowOf({ features = {} }: PlantProject, { windowMs, strideMs }: Proposal): object {
  const { windowSamples, strideSamples } = features;
  if (windowSamples !== undefined || strideSamples !== undefined) {
    const window = windowSamples ?? strideSamples! * ROWS_A_WINDOW;
    const stride = strideSamples ?? Math.max(1, Math.floor(window / ROWS_A_WINDOW));
    return { windowSamples: window, strideSamples: stride };
  }
  const stride = features.strideMs ?? strideMs;
  return { windowMs: features.windowMs ?? Math.max(windowMs, stride), strideMs: stride };
}

/** Fields that are stated win one by one; common statistics of the project are for all channels. */
function channelsOf({ channels, features }: PlantProject, proposal: Proposal): object[] {
  const isByCount = features?.windowSamples !== undefined || features?.strideSamples !== undefined;
  const proposed = proposal.channels.map((channel) => {
    const { name, unit, statistics, holdMs, bands, sampleMs } = channel;
    const isCommon = String(statistics) === String(proposal.statistics);
    const hasOwn = features?.statistics === undefined;
    return {
      name,
      unit,
      ...(hasOwn && !isCommon && { statistics }),
      // Windows by count hold what was sampled; they have no age and no bands in hertz.
      ...(!isByCount && holdMs !== undefined && { holdMs }),
      ...(hasOwn && !isByCount && bands !== undefined && { bands, sampleMs }),
    };
  });
  if (channels === undefined) return proposed;
  return channels.map((channel) => {
    const { unit, ...stated } = channel;
    const own = proposed.find(({ name }) => name === channel.name);
    const { bands: _, sampleMs: __, ...rest } = own ?? { unit };
    // Who states bands or statistics has looked at the signal.
    const open = stated.statistics === undefined && stated.bands === undefined ? (own ?? {}) : rest;
    return { ...open, ...stated, unit: unit === '' ? (own?.unit ?? '') : unit };
  });
}

/** Which machines feed which, each in the order of the drawing. */
function upstreamAssets({ edges }: Topology): Record<string, string[]> {
  const upstream: Record<string, string[]> = {};
  for (const { from, to } of edges) {
    upstream[to] ??= [];
    if (from !== to && !upstream[to].includes(from)) upstream[to].push(from);
  }
  return upstream;
}

function upstreamOf(stated: unknown, topology: Topology | undefined): unknown {
  if (typeof stated !== 'object' || stated === null || 'assets' in stated) return stated;
  return topology === undefined ? stated : { assets: upstreamAssets(topology), ...stated };
}

/** `positions: 2` stands for so many coordinates of each machine in the topology. */
const positionsOf = (stated: unknown, topology: Topology | undefined): unknown =>
  typeof stated === 'number' && topology !== undefined ? assetPositions(topology, stated) : stated;

/** The place in plant.yaml of a field of the spec. */
function fieldOf(path: readonly PropertyKey[], { file, lineOf }: SpecOfOptions): string {
  const own = path[0] === 'channels' ? path : ['features', ...path];
  const line = lineOf === undefined ? '' : `:${lineOf(own)}`;
  return `${basename(file ?? 'plant.yaml')}${line}:${own.map(String).join('.')}`;
}

/**
 * The spec of the rows, complete.
 *
 * @throws {InputError} `config-invalid` by file, line and setting, where what is stated does not go
 * together; `data-missing` where there is no channel.
 */
export function specOf(options: SpecOfOptions): TelemetrySpec {
  const { project, topology } = options;
  const proposal = options.proposal ?? proposeFeatures(options);
  const {
    windowMs: _,
    strideMs: __,
    windowSamples: ___,
    strideSamples: ____,
    ...features
  } = project.features ?? {};
  const channels = channelsOf(project, proposal);
  if (channels.length === 0) {
    throw new InputError('data-missing', 'There is no channel to make rows of', {
      field: fieldOf(['channels'], options),
      allowed: 'telemetry with readings',
    });
  }
  const { upstream, positions, ...others } = features as Record<string, unknown>;
  const spec = {
    kind: 'telemetry',
    statistics: proposal.statistics,
    ...(proposal.missing !== 'mean' && { missing: proposal.missing }),
    ...others,
    ...(upstream !== undefined && { upstream: upstreamOf(upstream, topology) }),
    ...(positions !== undefined && { positions: positionsOf(positions, topology) }),
    ...windowOf(project, proposal),
    channels,
  };
  const result = featureSpecSchema.safeParse(spec);
  if (result.success) return result.data as TelemetrySpec;
  const [{ path, message }] = result.error.issues;
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown>)?.[key],
    spec,
  );
  throw new InputError('config-invalid', 'The features of the project do not go together', {
    field: fieldOf(path, options),
    value,
    allowed: message,
  });
}

// What rows of a plant may be made of, proposed from its history, with a reason for every choice.
// The same data gives the same proposal.
import { type Band, MAX_ROW_BAND_SAMPLES, type Statistic } from '@dandan/shared/features';
import type { LabelInterval } from '../label-interval.ts';
import type { PlantProject } from '../project/schema.ts';
import { spansOf } from '../spans.ts';
import type { Series, Telemetry } from '../telemetry.ts';
import { type Behaviour, judgeChannel } from './behaviour.ts';
import { proposeBands, proposeHold, REASONS, STATISTICS_OF } from './channel-choices.ts';
import { type ChannelProfile, profileChannels } from './channel-profile.ts';
import { proposeWindow } from './propose-window.ts';

export interface ProposeFeaturesOptions {
  readonly telemetry: Telemetry;
  readonly project: PlantProject;
  /** What is known of the machines beside `telemetry.intervals`, as `readLabels` gives it. */
  readonly intervals?: readonly LabelInterval[] | undefined;
}

/** One setting of plant.yaml, as it would be written there. */
export interface Choice {
  /** E.g. `features.windowMs` or `channels.vibration.statistics`. */
  readonly setting: string;
  readonly value: unknown;
  /** One sentence. */
  readonly reason: string;
  /** Of one channel: choices with one value and `why` may be told together. */
  readonly channel?: { readonly name: string; readonly why: string };
}

export interface ProposedChannel {
  readonly name: string;
  readonly unit: string;
  readonly behaviour: Behaviour;
  readonly statistics: readonly Statistic[];
  readonly holdMs?: number;
  readonly bands?: readonly Band[];
  readonly sampleMs?: number;
}

export interface Proposal {
  readonly windowMs: number;
  readonly strideMs: number;
  /** Of channels that have none of their own. */
  readonly statistics: readonly Statistic[];
  readonly missing: 'mean' | 'indicate';
  /** In the order of the telemetry. */
  readonly channels: readonly ProposedChannel[];
  /** Channels that are left out. */
  readonly leftOut: readonly string[];
  readonly choices: readonly Choice[];
}

/** As many channels as a feature spec takes; who has more lists those that matter. */
const MAX_CHANNELS = 256;

/** Of windows without a reading of a channel: rarer ones say little, and cost a column each. */
const OFTEN_MISSING = 0.02;

interface Judged {
  readonly profile: ChannelProfile;
  readonly behaviour: Behaviour;
  readonly seen: string;
}

function judgeAll(profiles: readonly ChannelProfile[], listed: readonly string[]): Judged[] {
  const judged = profiles.map((profile) => ({ profile, ...judgeChannel(profile) }));
  return judged.filter(({ profile }) => listed.length === 0 || listed.includes(profile.name));
}

function proposeChannel({ profile, behaviour, seen }: Judged, windowMs: number, room: number) {
  const { name, unit } = profile;
  const hold = proposeHold(profile, windowMs);
  const wanted = behaviour === 'waveform' ? proposeBands(profile, windowMs) : undefined;
  const samples = windowMs / profile.everyMs;
  const bands = wanted !== undefined && samples <= room ? wanted : undefined;
  const statistics = STATISTICS_OF[behaviour];
  const setting = (key: string) => `channels.${name}.${key}`;
  const choices: Choice[] = [
    {
      setting: setting('statistics'),
      value: statistics,
      reason: `${behaviour}: ${seen}; ${REASONS[behaviour]}.`,
      channel: { name, why: `${behaviour}: ${REASONS[behaviour]}` },
    },
    ...(hold === undefined ? [] : [{ ...hold, setting: setting('holdMs') }]),
    ...(bands === undefined
      ? []
      : [{ setting: setting('bands'), value: bands.value.bands, reason: bands.reason }]),
  ];
  const channel: ProposedChannel = {
    name,
    unit,
    behaviour,
    statistics,
    ...(hold !== undefined && { holdMs: hold.value }),
    ...bands?.value,
  };
  return { channel, choices, samples: bands === undefined ? 0 : samples };
}

/** Time without a reading beyond what a window bridges. */
function silence({ times }: Series, windowMs: number): number {
  let silent = 0;
  for (let i = 1; i < times.length; i++) silent += Math.max(0, times[i] - times[i - 1] - windowMs);
  return silent;
}

/**
 * Share of the time of all machines and channels in which a channel has nothing to say and another
 * of the machine has. A machine that is silent as a whole has no rows then.
 */
function silentShare({ series }: Telemetry, windowMs: number, held: ReadonlySet<number>): number {
  let silent = 0;
  let covered = 0;
  for (const own of Map.groupBy(series, ({ run, asset }) => `${run} ${asset}`).values()) {
    const silences = own.map((each) => silence(each, windowMs));
    const whole = Math.min(...silences);
    own.forEach(({ channel, times }, i) => {
      if (held.has(channel)) return;
      covered += times[times.length - 1] - times[0];
      silent += silences[i] - whole;
    });
  }
  return covered === 0 ? 0 : silent / covered;
}

function proposeMissing(share: number): Choice & { value: Proposal['missing'] } {
  const value = share >= OFTEN_MISSING ? 'indicate' : 'mean';
  const percent = Number((100 * share).toPrecision(2));
  return {
    setting: 'features.missing',
    value,
    reason:
      value === 'indicate'
        ? `${percent} % of the windows have no reading of a channel: that it is silent may tell something.`
        : `${share === 0 ? 'No window is' : `Only ${percent} % of the windows are`} without a reading of a channel.`,
  };
}

/** What `channels` and `features` of the project leave open, and why it is proposed so. */
export function proposeFeatures(options: ProposeFeaturesOptions): Proposal {
  const { telemetry, project, intervals = [] } = options;
  const listed = (project.channels ?? []).map(({ name }) => name);
  const judged = judgeAll(profileChannels(telemetry), listed);
  const moving = judged.filter(({ behaviour }) => behaviour !== 'constant');
  // A list of the project's own is kept, and so is a plant in which nothing moves.
  const kept = (listed.length > 0 || moving.length === 0 ? judged : moving).slice(0, MAX_CHANNELS);
  const window = proposeWindow({
    profiles: kept.map(({ profile }) => profile),
    waveforms: kept.flatMap(({ behaviour, profile }) => (behaviour === 'waveform' ? profile : [])),
    spans: spansOf(telemetry),
    intervals: [...telemetry.intervals, ...intervals],
    normal: project.normal,
    windowMs: project.features?.windowMs,
  });
  const { windowMs, strideMs } = window;
  const channels: ProposedChannel[] = [];
  const choices: Choice[] = [];
  let room = MAX_ROW_BAND_SAMPLES;
  for (const each of kept) {
    const proposed = proposeChannel(each, windowMs, room);
    room -= proposed.samples;
    channels.push(proposed.channel);
    choices.push(...proposed.choices);
  }
  const holding = new Set(
    channels.flatMap(({ name, holdMs }) => (holdMs === undefined ? [] : name)),
  );
  const held = new Set(
    telemetry.channels.flatMap(({ name }, index) => (holding.has(name) ? index : [])),
  );
  const missing = proposeMissing(silentShare(telemetry, windowMs, held));
  const leftOut = judged.filter((each) => !kept.includes(each));
  return {
    windowMs,
    strideMs,
    statistics: STATISTICS_OF.steady,
    missing: missing.value,
    channels,
    leftOut: leftOut.map(({ profile }) => profile.name),
    choices: [
      { setting: 'features.windowMs', value: windowMs, reason: window.windowReason },
      { setting: 'features.strideMs', value: strideMs, reason: window.strideReason },
      missing,
      ...choices,
      ...leftOut.map(({ profile, behaviour, seen }) => ({
        setting: `channels.${profile.name}`,
        value: 'left out',
        reason:
          behaviour === 'constant'
            ? `constant: ${seen}.`
            : `A row takes ${MAX_CHANNELS} channels; list those that matter under channels.`,
      })),
    ],
  };
}

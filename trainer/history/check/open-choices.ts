// The proposed settings that plant.yaml leaves open, those of many channels together.
import type { Choice } from '../proposal/index.ts';
import type { HistoryFacts } from './history-facts.ts';

type Facts = Pick<HistoryFacts, 'project' | 'proposal'>;

/** Whether plant.yaml states what a choice is about, or something that it would contradict. */
function isStated({ setting }: Choice, { project }: Facts): boolean {
  const { features = {}, channels } = project;
  const [section, ...path] = setting.split('.');
  if (section === 'features') {
    const isByCount = features.windowSamples !== undefined || features.strideSamples !== undefined;
    const isWindow = path[0] === 'windowMs' || path[0] === 'strideMs';
    return Object.hasOwn(features, path[0]) || (isByCount && isWindow);
  }
  const field = path[path.length - 1];
  const name = path.slice(0, -1).join('.');
  const own = channels?.find((channel) => channel.name === name);
  if (field === 'statistics' && features.statistics !== undefined) return true;
  return own !== undefined && Object.hasOwn(own, field);
}

/** Channels that are alike are told one by one up to this many. */
const MAX_ALIKE = 3;

/** Names of channels in one line. */
const MAX_NAMES = 12;

/** A value as plant.yaml would hold it. */
const choiceText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ');

export interface OpenChoice {
  /** As in plant.yaml, or what it is for. */
  readonly setting: string;
  readonly value: string;
  readonly reason: string;
}

const single = ({ setting, value, reason }: Choice): OpenChoice => ({
  setting,
  value: choiceText(value),
  reason,
});

function together(alike: readonly Choice[]): OpenChoice[] {
  const [{ setting, value, channel }] = alike;
  if (alike.length <= MAX_ALIKE || channel === undefined) return alike.map(single);
  const names = alike.slice(0, MAX_NAMES).map((choice) => choice.channel!.name);
  const more = alike.length > MAX_NAMES ? `, … and ${alike.length - MAX_NAMES} more` : '';
  return [
    {
      setting: `${setting.slice(setting.lastIndexOf('.') + 1)} of ${alike.length} channels`,
      value: choiceText(value),
      reason: `${channel.why}: ${names.join(', ')}${more}.`,
    },
  ];
}

/** In the order of the first of each kind. */
export function openChoices(facts: Facts): readonly OpenChoice[] {
  const open = facts.proposal.choices.filter((choice) => !isStated(choice, facts));
  const keyOf = ({ setting, value, channel }: Choice) =>
    channel === undefined ? setting : JSON.stringify([channel.why, value]);
  return [...Map.groupBy(open, keyOf).values()].flatMap(together);
}

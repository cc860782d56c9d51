// The proposed settings that plant.yaml leaves open.
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

export const openChoices = (facts: Facts): readonly Choice[] =>
  facts.proposal.choices.filter((choice) => !isStated(choice, facts));

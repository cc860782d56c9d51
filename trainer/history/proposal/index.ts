export { BEHAVIOURS, type Behaviour } from './behaviour.ts';
export { durationText } from './duration.ts';
export {
  type Choice,
  type Proposal,
  type ProposedChannel,
  type ProposeFeaturesOptions,
  proposeFeatures,
} from './propose-features.ts';
export { type SpecOfOptions, specOf } from './spec-of.ts';

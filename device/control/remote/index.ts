export { readDesired, type Settings } from './desired-message.ts';
export { type FollowedModel, modelFacts, refuseModel, requestModel } from './model-wishes.ts';
export {
  createRemoteControl,
  type RemoteControl,
  type RemoteControlOptions,
  type RemoteCounters,
} from './remote-control.ts';
export { EMPTY_STATE, type Limits, type RemoteState, reduceRemote } from './remote-state.ts';
export type { Facts, ModelFacts } from './report.ts';
export { createUpdateWindow, type UpdateWindow } from './update-window.ts';

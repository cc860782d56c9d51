export { type ChannelRule, type ChannelRules, keepsValue, ruleOf } from './channel-rule.ts';
export { createGlobs } from './glob.ts';
export {
  fillNameTemplate,
  MAX_TEMPLATE_LENGTH,
  type NameTemplate,
  parseNameTemplate,
} from './name-template.ts';
export {
  ASSET_WORDS,
  CHANNEL_WORDS,
  isAssetName,
  isChannelName,
  toAssetName,
  toChannelName,
} from './names.ts';

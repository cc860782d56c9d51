export {
  MAX_TOPIC_LENGTH,
  MAX_TOPIC_LEVELS,
  matchTopic,
  parseTopicTemplate,
  TOPIC_WORDS,
  type TopicTemplate,
} from './topic-template.ts';

export {
  EVERY,
  JSON_PATH_WORDS,
  type JsonPath,
  type JsonPathStep,
  MAX_PATH_LENGTH,
  MAX_PATH_STEPS,
  parseJsonPath,
} from './parse-json-path.ts';
export { readEvery, readJsonPath } from './read-json-path.ts';

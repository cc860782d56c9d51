export {
  type JsonFile,
  MAX_JSON_FILE_BYTES,
  readJsonFile,
  removeJsonFile,
  writeJsonFile,
} from './json-file.ts';

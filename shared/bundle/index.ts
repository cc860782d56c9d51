export type { Bundle, Stage } from './bundle.ts';
export { sha256Hex } from './hash.ts';
export {
  MAX_BUNDLE_BYTES,
  MAX_CLASSES,
  MAX_HEADER_BYTES,
  MAX_RANK,
  MAX_SCALE,
  MAX_STAGES,
  MAX_TEMPERATURE,
  MAX_TENSOR_NAME,
  MAX_TENSORS,
  MAX_WIDTH,
  MIN_TEMPERATURE,
} from './limits.ts';
export {
  type Certificate,
  MANIFEST_SCHEMA,
  type Manifest,
  modelNameSchema,
  type PolicyManifest,
  parseManifest,
  type StageManifest,
  type Structure,
} from './manifest.ts';
export { type Dtype, parseSafetensors, type Safetensors } from './parse-safetensors.ts';
export { type ReadBundleOptions, readBundle } from './read-bundle.ts';
export { type BundleHead, headBytes, readBundleHead } from './read-head.ts';
export { readTensor } from './read-tensor.ts';
export { type DraftManifest, type WriteBundleOptions, writeBundle } from './write-bundle.ts';
export { type TensorData, writeSafetensors } from './write-safetensors.ts';

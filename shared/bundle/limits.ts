// Limits that keep hostile or broken model files from costing memory before they are refused.

/** Largest bundle accepted. R2 and a 128 MB Worker hold it; 8415 features × 512 units × 6 stages is 26 MB. */
export const MAX_BUNDLE_BYTES = 32 * 1024 * 1024;

/** Largest safetensors header accepted: a manifest with 1,024 classes and drift reference is below 500 kB. */
export const MAX_HEADER_BYTES = 1024 * 1024;

/** Six stages of three layers hold 54 tensors; ten times that is still no attack. */
export const MAX_TENSORS = 512;

/** `stage16.hidden7.weight` has 22 characters; a name in an error message stays readable. */
export const MAX_TENSOR_NAME = 128;

/** Weights are matrices; nothing in a bundle or a row batch has more axes than this. */
export const MAX_RANK = 4;

/** ogbn-products has 47 classes, ImageNet 1,000. */
export const MAX_CLASSES = 1024;

/** The paper searches 2..6 students; one byte of stage number is never the limit. */
export const MAX_STAGES = 16;

/** Widest hidden layer: 8 times the paper's largest (512). */
export const MAX_WIDTH = 4096;

/**
 * Softmax temperatures outside this range are no calibration result; inside it,
 * 1 / T and every scaled logit stay finite in float32.
 */
export const MIN_TEMPERATURE = 1e-4;
export const MAX_TEMPERATURE = 1e4;

/** Times an int32 accumulator (2³¹) and 1 / MIN_TEMPERATURE this is 2e33, finite in float32. */
export const MAX_SCALE = 2 ** 66;

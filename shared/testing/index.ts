export { calendarDigest } from './calendar-digest.ts';
export { featureDigest } from './feature-digest.ts';
export {
  type Digests,
  digestRun,
  digestsByPath,
  GOLDEN_BUNDLES,
  goldenDigests,
  goldenRows,
  kernelDigestsByPath,
} from './golden.ts';
export { climb, kernelDigest } from './kernel-digest.ts';
export { lineDigest } from './line-digest.ts';
export { randomCase } from './random-model.ts';
export { signFirstRelease } from './sign-first-release.ts';
export {
  createTestBundle,
  createTestRows,
  type TestBundle,
  type TestBundleOptions,
} from './test-bundle.ts';

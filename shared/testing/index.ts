export {
  type Digests,
  digestRun,
  digestsByPath,
  GOLDEN_BUNDLES,
  goldenDigests,
  goldenRows,
} from './golden.ts';
export {
  createTestBundle,
  createTestRows,
  type TestBundle,
  type TestBundleOptions,
} from './test-bundle.ts';

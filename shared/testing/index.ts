export {
  createTestBundle,
  createTestRows,
  type TestBundle,
  type TestBundleOptions,
} from './test-bundle.ts';

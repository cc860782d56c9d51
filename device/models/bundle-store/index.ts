export {
  type BundleStore,
  type BundleStoreOptions,
  createBundleStore,
  DEFAULT_STORE_BYTES,
  type OpenedBundle,
  type OpenResult,
  type StoredBundle,
} from './bundle-store.ts';
export { createFiles, type FileEntry, type Files } from './files.ts';
export { createPrefixCheck, type PrefixCheck, type Stages } from './prefix-check.ts';
export { lockStore, type StoreLock } from './store-lock.ts';
export { UNFINISHED, writeAtomic } from './write-atomic.ts';

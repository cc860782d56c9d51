export { isCanary } from './canary.ts';
export { type Envelope, envelopeSchema } from './envelope.ts';
export { knownGood } from './known-good.ts';
export { checkPointedBundle, describeBundle } from './pointed-bundle.ts';
export {
  MAX_CLOCK_SKEW_MS,
  MAX_POINTER_DAYS,
  type OpenPointerOptions,
  openPointer,
  type PointedBundle,
  type Pointer,
  pointedBundleSchema,
  pointerSchema,
  signPointer,
  type VerifyPointerOptions,
  verifyPointer,
} from './pointer.ts';
export {
  createSigningKey,
  exportPrivateKey,
  exportPublicKey,
  importPublicKey,
  importSigningKey,
  PUBLIC_KEY_BYTES,
  type SigningKey,
  type VerifyingKey,
} from './signing-key.ts';

export { createLiveness, type Liveness, type LivenessOptions } from './notify.ts';

export {
  CHANCE_LIMIT,
  type FeatureShift,
  featureShifts,
  MODERATE_SHIFT,
  populationStability,
} from './population-stability.ts';
export {
  type CountRow,
  createReference,
  createRowCounter,
  type FeatureReference,
  featureReferenceSchema,
  MAX_CUTS,
  MAX_REFERENCE_FEATURES,
  type ReferenceFeature,
  referenceBins,
} from './reference.ts';

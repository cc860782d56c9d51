export {
  type ExplainRowOptions,
  type Explanation,
  explainRow,
  type FeatureContribution,
  MAX_RESIDUAL,
} from './explain-row.ts';
export { createRelaxedCascade, type RelaxedCascade } from './relaxed-cascade.ts';

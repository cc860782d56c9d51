export { POLICY_NAMES, type PolicyName, policyOf } from './policy.ts';

// Which stages run, and when a node may stop: named policies from the manifest.
import type { Manifest, PolicyManifest } from '../bundle/manifest.ts';
import { InputError } from '../error/index.ts';

/** Day: accuracy first. Night: cheap. */
export const POLICY_NAMES = ['day', 'night'] as const;

export type PolicyName = (typeof POLICY_NAMES)[number];

/** Looks up a policy by name. @throws {InputError} `policy-unknown`. */
export function policyOf(manifest: Manifest, name: string): PolicyManifest {
  if ((POLICY_NAMES as readonly string[]).includes(name)) {
    return manifest.policies[name as PolicyName];
  }
  throw new InputError('policy-unknown', `The bundle has no policy '${name}'`, {
    field: 'policy',
    value: name,
    allowed: POLICY_NAMES.join(', '),
  });
}

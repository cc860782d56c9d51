// Which of the words about the policy counts, and what it comes to at an instant: a pure function.
import { type Decision, decide, type PolicyDocument, type PolicyName } from '@dandan/shared/policy';
import type { PolicyOverride } from './override-file.ts';
import type { PolicyInForce, PolicySetting, PolicySource } from './setting.ts';

export interface PolicyWords {
  /** Holds at the instant; whether it does is for the caller. */
  readonly override: PolicyOverride | undefined;
  readonly remote: PolicySetting | undefined;
  readonly configured: PolicySetting;
}

const documentOf = (setting: PolicySetting | undefined): PolicyDocument | undefined =>
  typeof setting === 'object' ? setting : undefined;

/**
 * The document whose calendar and caps count: of the remote setting, else of the configuration. A
 * policy that is only named leaves the caps, or naming one would be the way around them.
 */
export const documentInForce = ({ remote, configured }: PolicyWords): PolicyDocument | undefined =>
  documentOf(remote) ?? documentOf(configured);

interface Named {
  readonly source: PolicySource;
  readonly policy?: PolicyName;
  readonly text: string;
}

function named({ override, remote, configured }: PolicyWords): Named {
  if (override !== undefined) {
    const { policy, until, note } = override;
    const why = note === undefined ? '' : ` (${note})`;
    const text = `${policy} as set at the gateway until ${new Date(until).toISOString()}${why}`;
    return { source: 'override', policy, text };
  }
  const source = remote === undefined ? 'config' : 'remote';
  const setting = remote ?? configured;
  if (typeof setting === 'object') return { source, text: '' };
  const where = source === 'remote' ? 'as desired' : 'as configured';
  return { source, policy: setting, text: `${setting} ${where}` };
}

export interface DecidePolicyOptions {
  readonly words: PolicyWords;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** In the measure of the document in force. */
  readonly load: number;
  /** `loadStep` of the decision before under the same document. */
  readonly loadStep: number;
}

/** The policy in force, and the step of load to hand in next time. */
export function decidePolicy(options: DecidePolicyOptions): {
  readonly inForce: PolicyInForce;
  readonly loadStep: number;
} {
  const { words, at, load, loadStep } = options;
  const { source, policy, text } = named(words);
  const document = documentInForce(words);
  const until = words.override?.until;
  const decision: Pick<Decision, 'policy' | 'maxStage' | 'loadStep' | 'reasons'> =
    document === undefined
      ? { policy: policy as PolicyName, loadStep: 0, reasons: [{ code: 'asked', text }] }
      : decide({ document, at, policy, load, loadStep });
  const reasons = decision.reasons.map((each) => (each.code === 'asked' ? text : each.text));
  return {
    inForce: {
      policy: decision.policy,
      ...(decision.maxStage !== undefined && { maxStage: decision.maxStage }),
      source,
      reason: reasons.join('; '),
      ...(until !== undefined && { until }),
    },
    loadStep: decision.loadStep,
  };
}

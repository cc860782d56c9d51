// What is promised of early exits, in plain words, and the policies it stands in.
import type { PolicyManifest } from '@dandan/shared/bundle';
import type { RunFacts } from '../facts/run-facts.ts';
import { sameShare } from '../facts/stage-costs.ts';
import { cell, type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { COST_WORDS } from './cost-words.ts';
import { MODEL_WORDS } from './model-words.ts';

function inWords({ certificate }: PolicyManifest, isHistory: boolean, say: Say): string[] {
  const w = COST_WORDS[say.language];
  if (certificate === null) return [w.notPromised(say)];
  const { alpha, delta, n, disagreements, worstClass, escalation } = certificate;
  return [
    w.promised(say, {
      alpha: say.percent(alpha),
      surely: say.percent(1 - delta, 0),
      n: say.count(n),
      seen: say.count(disagreements),
    }),
    ...(worstClass === undefined ? [] : [w.worstClass(say, say.percent(worstClass))]),
    ...(escalation === undefined
      ? []
      : [w.escalation(say, say.percent(escalation.limit), escalation.stages)]),
    w.meaning(say),
    ...(isHistory ? [w.alike(say)] : []),
  ];
}

export function promiseSection(facts: RunFacts, say: Say): RunBlock[] {
  const w = COST_WORDS[say.language];
  const words = MODEL_WORDS[say.language];
  const { policies } = facts.manifest;
  const differ = (name: 'day' | 'night') =>
    say.percent(1 - sameShare(facts[name].classes, facts.grouped.fullClasses), 2);
  const row = (name: 'day' | 'night') => {
    const { maxStage, thresholds, certificate } = policies[name];
    const limits = thresholds.map((value) => (value === null ? w.noThreshold : value.toFixed(3)));
    const proved =
      certificate === null
        ? [w.none, '—', '—', '—']
        : [
            `≤ ${say.percent(certificate.alpha)}`,
            say.percent(1 - certificate.delta, 0),
            say.count(certificate.n),
            w.methods[certificate.method],
          ];
    const texts = [words.stage(maxStage), limits.join(', ') || '—', ...proved, differ(name)];
    return { name: words[name], cells: texts.map((text) => cell(text)) };
  };
  return [
    section('promise', w.promise),
    ...inWords(policies.day, facts.graph.places !== undefined, say).map(
      (text) => ({ kind: 'text', text }) as const,
    ),
    { kind: 'text', text: w.measured(say, differ('day')) },
    {
      kind: 'table',
      caption: w.policyCaption(say),
      columns: w.policyColumns,
      rows: [row('day'), row('night')],
    },
  ];
}

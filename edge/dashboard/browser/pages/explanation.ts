// An explanation as people read it: stages, promise, features.
import type { ExplainResponse } from '@dandan/shared/wire';
import { signedBar } from '../chart/signed-bar.ts';
import { staircase } from '../chart/staircase.ts';
import { h } from '../dom.ts';
import { percent, precise, short, signed, whole } from '../format.ts';
import { t } from '../i18n/index.ts';
import { card, figure } from '../ui/card.ts';
import { table } from '../ui/table.ts';

type Answer = Omit<ExplainResponse, 'record'>;
type Explanation = Answer['explanations'][number];
type Stage = Explanation['stages'][number];

function promise({ certificate, policy }: Answer): string {
  if (certificate === null) return t('explain.promise.none', { policy });
  const { alpha, delta, n, disagreements, method, worstClass, escalation } = certificate;
  return [
    t('explain.promise.words', {
      sure: percent(1 - delta),
      alpha: percent(alpha),
      n: whole(n),
      disagreements: whole(disagreements),
      method: t(`explain.method.${method}`),
    }),
    worstClass !== undefined && t('explain.promise.worst', { worst: percent(worstClass) }),
    escalation !== undefined &&
      t('explain.promise.escalation', {
        limit: percent(escalation.limit),
        stages: escalation.stages,
      }),
  ]
    .filter((words) => words !== false)
    .join(' ');
}

function figures({ label, confidence, stage, stopped, macs }: Explanation): HTMLElement {
  return h(
    'div',
    { class: 'figures' },
    figure({
      name: t('overview.answer'),
      value: label,
      hint: t('explain.answer.hint', { confidence: percent(confidence) }),
    }),
    figure({
      name: t('explain.stopped.title'),
      value: t('overview.stage', { stage }),
      hint: t(`explain.stopped.${stopped}`),
    }),
    figure({ name: t('explain.macs'), value: whole(macs), hint: t('explain.macs.hint') }),
  );
}

function thresholdOf({ threshold }: Stage, isLast: boolean): string {
  if (threshold !== null) return percent(threshold);
  return t(isLast ? 'explain.stage.last' : 'explain.stage.never');
}

function stages({ stages, stopped }: Explanation): HTMLElement {
  const last = stages.length - 1;
  return card(
    t('explain.staircase'),
    h(
      'div',
      { class: 'pair' },
      staircase(stages.map((each, k) => ({ ...each, stopped: k === last }))),
      table({
        label: t('explain.staircase'),
        rows: stages,
        columns: [
          { title: t('app.stage'), numeric: true, cell: ({ stage }) => stage },
          { title: t('explain.stage.alone'), cell: ({ alone }) => alone },
          { title: t('explain.stage.together'), cell: ({ together }) => together },
          {
            title: t('explain.stage.confidence'),
            numeric: true,
            cell: ({ confidence }) => percent(confidence),
          },
          {
            title: t('explain.stage.threshold'),
            numeric: true,
            cell: (stage) => thresholdOf(stage, stages[last] === stage && stopped === 'last-stage'),
          },
        ],
      }),
    ),
  );
}

interface Line {
  readonly name: string;
  readonly value: number | undefined;
  readonly contribution: number;
}

function features({ label, probability, baseline, features, others }: Explanation): HTMLElement {
  const rest: Line = { name: t('explain.others'), value: undefined, contribution: others };
  const lines: Line[] = [...features, rest];
  const most = Math.max(...lines.map(({ contribution }) => Math.abs(contribution)));
  const values = { label, probability: percent(probability), baseline: percent(baseline) };
  return card(
    t('explain.features'),
    h('p', { class: 'hint' }, t('explain.features.hint', values)),
    table({
      label: t('explain.features'),
      rows: lines,
      columns: [
        { title: t('explain.feature'), cell: ({ name }) => name },
        {
          title: t('explain.value'),
          numeric: true,
          cell: ({ value }) => value !== undefined && precise(value),
        },
        {
          title: t('explain.contribution'),
          cell: ({ contribution }) => [
            h('span', { class: 'number' }, signed(contribution)),
            signedBar(contribution, most),
          ],
        },
      ],
    }),
  );
}

/** Everything about an answer; of several rows one below the other. */
export function explanation(answer: Answer): HTMLElement[] {
  const { bundle, policy, decided, explanations } = answer;
  return [
    ...explanations.flatMap((each) => [figures(each), stages(each), features(each)]),
    card(
      t('explain.promise'),
      h('p', {}, promise(answer)),
      h(
        'p',
        { class: 'hint' },
        t('explain.by', { bundle: short(bundle), policy }),
        decided !== undefined && h('span', { lang: 'en' }, ` ${decided}`),
      ),
    ),
  ];
}

// What the cascade does: exits, cost saved, and whether the promise is kept.
import type { MetricsReport } from '../../../metrics/schemas.ts';
import { edge } from '../api.ts';
import { stackedBars } from '../chart/stacked-bars.ts';
import { h } from '../dom.ts';
import { compact, decimal, moment, percent, short, tick, whole } from '../format.ts';
import { t } from '../i18n/index.ts';
import { badge, card, figure, nothing } from '../ui/card.ts';
import { select } from '../ui/select.ts';
import { table } from '../ui/table.ts';
import { addUp, type Span } from './overview-sums.ts';
import type { Page, PageContext } from './page.ts';

type Step = MetricsReport['step'];

/** What a person looks at, kept while they move between pages. */
const chosen: { step: Step; model: string } = { step: 'hour', model: '' };

function choices(models: readonly string[], { refresh }: PageContext): HTMLElement {
  return h(
    'div',
    { class: 'choices' },
    select<Step>({
      label: t('overview.range'),
      options: [
        ['hour', t('overview.range.hours')],
        ['day', t('overview.range.days')],
      ],
      value: chosen.step,
      choose(step) {
        chosen.step = step;
        void refresh();
      },
    }),
    select({
      label: t('overview.model'),
      options: [['', t('app.all')], ...models.map((model) => [model, model] as const)],
      value: chosen.model,
      choose(model) {
        chosen.model = model;
        void refresh();
      },
    }),
  );
}

function promise(monitors: MetricsReport['monitors']): HTMLElement {
  const broken = monitors.filter(({ kept }) => !kept);
  const audits = monitors.reduce((sum, each) => sum + each.audits, 0);
  const disagreements = monitors.reduce((sum, each) => sum + each.disagreements, 0);
  if (monitors.length === 0) {
    return figure({ name: t('overview.promise'), value: t('overview.promise.none') });
  }
  const alpha = percent(Math.max(...monitors.map((each) => each.alpha)));
  return figure({
    name: t('overview.promise'),
    value: t(broken.length > 0 ? 'overview.promise.broken' : 'overview.promise.kept'),
    hint: t('overview.promise.hint', {
      disagreements: whole(disagreements),
      audits: whole(audits),
      alpha,
    }),
    tone: broken.length > 0 ? 'bad' : 'good',
  });
}

/** Hours are named where the wall clock shows midnight, noon, …; days from the last one back. */
const phaseOf = (spans: readonly Span[], step: Step): number =>
  step === 'hour' ? new Date(spans[0]?.start ?? 0).getHours() : -spans.length + 1;

function exitsByTime(spans: readonly Span[], step: Step): HTMLElement {
  const stages = Math.max(...spans.map(({ exits }) => exits.length));
  const parts = Array.from({ length: stages }, (_, i) => t('overview.stage', { stage: i + 1 }));
  return stackedBars({
    label: t('overview.exits'),
    parts,
    phase: phaseOf(spans, step),
    format: compact,
    bars: spans.map(({ start, exits }) => ({
      tick: tick(start, step),
      title: moment(start),
      values: parts.map((_, stage) => exits[stage] ?? 0),
    })),
  });
}

function tiersByTime(spans: readonly Span[], step: Step): HTMLElement {
  return stackedBars({
    label: t('overview.tiers'),
    parts: [t('overview.tier.gateway'), t('overview.tier.edge')],
    phase: phaseOf(spans, step),
    format: compact,
    bars: spans.map(({ start, gateway, edge: atEdge }) => ({
      tick: tick(start, step),
      title: moment(start),
      values: [gateway, atEdge],
    })),
  });
}

function confidences(confidence: readonly number[]): HTMLElement {
  return stackedBars({
    label: t('overview.confidence'),
    parts: [t('overview.nodes')],
    format: compact,
    bars: confidence.map((count, k) => ({
      tick: percent(k / confidence.length),
      title: `${percent(k / confidence.length)} – ${percent((k + 1) / confidence.length)}`,
      values: [count],
    })),
  });
}

function monitorTable(monitors: MetricsReport['monitors']): HTMLElement {
  if (monitors.length === 0) return nothing(t('app.nothing'));
  return table({
    label: t('overview.monitors'),
    rows: monitors,
    columns: [
      { title: t('overview.model'), cell: ({ model, policy }) => `${model}, ${policy}` },
      { title: t('models.bundle'), cell: ({ bundle }) => h('code', {}, short(bundle)) },
      {
        title: t('overview.promise'),
        cell: ({ kept, alarmed }) =>
          kept
            ? badge(t('overview.promise.kept'), 'good')
            : badge(t('overview.alarm', { time: moment(alarmed) }), 'bad'),
      },
      { title: t('overview.audits'), numeric: true, cell: ({ audits }) => whole(audits) },
      {
        title: t('overview.disagreements'),
        numeric: true,
        cell: ({ disagreements, audits }) =>
          `${whole(disagreements)} (${percent(disagreements, audits)})`,
      },
      {
        title: t('overview.evidence'),
        numeric: true,
        cell: ({ evidence, delta }) => `${decimal(evidence)} / ${decimal(1 / delta)}`,
      },
    ],
  });
}

export const overview: Page = {
  async load(context) {
    const { step, model } = chosen;
    const query = { step, ...(model !== '' && { model }) };
    const [{ models }, report] = await Promise.all([
      edge('get', '/v1/models'),
      edge('get', '/v1/metrics', { query }),
    ]);
    const names = models.map((each) => each.model);
    const { spans, total } = addUp(report);
    const { nodes, exits, macs, fullMacs } = total;
    const early = nodes - (exits.at(-1) ?? 0);
    const figures = h(
      'div',
      { class: 'figures' },
      figure({
        name: t('overview.nodes'),
        value: compact(nodes),
        hint: t('overview.requests', { count: compact(total.requests) }),
      }),
      figure({
        name: t('overview.early'),
        value: percent(early, nodes),
        hint: t('overview.early.hint'),
      }),
      figure({
        name: t('overview.saved'),
        value: percent(fullMacs - macs, fullMacs),
        hint: t('overview.saved.hint'),
      }),
      promise(report.monitors),
    );
    const charts =
      nodes === 0
        ? [nothing(t('overview.noTraffic'))]
        : [
            card(t('overview.exits'), exitsByTime(spans, step)),
            h(
              'div',
              { class: 'pair' },
              card(t('overview.tiers'), tiersByTime(spans, step)),
              card(t('overview.confidence'), confidences(total.confidence)),
            ),
          ];
    return [
      choices(names, context),
      figures,
      ...charts,
      card(t('overview.monitors'), monitorTable(report.monitors)),
    ];
  },
};

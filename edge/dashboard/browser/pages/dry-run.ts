// What a draft of a policy would have changed on a day's traffic.
import type { DryRun } from '../../../policies/schemas.ts';
import { stackedBars, topOf } from '../chart/stacked-bars.ts';
import { h } from '../dom.ts';
import { compact, dollars, percent, whole } from '../format.ts';
import { t } from '../i18n/index.ts';
import { card, nothing } from '../ui/card.ts';
import { table } from '../ui/table.ts';

type Side = DryRun['was'];
type Hour = DryRun['hours'][number];

const agreementOf = ({ agreement }: Side) => (agreement === null ? '–' : percent(agreement));

function figures({ was, wouldBe, moved, estimated }: DryRun): HTMLElement {
  const stages = Math.max(was.exits.length, wouldBe.exits.length);
  const line = (name: string, tell: (side: Side) => string) => ({
    name,
    was: tell(was),
    wouldBe: tell(wouldBe),
  });
  const rows = [
    line(t('dryRun.nodes'), ({ nodes }) => whole(nodes)),
    ...Array.from({ length: stages }, (_, k) =>
      line(t('overview.stage', { stage: k + 1 }), ({ exits }) => whole(exits[k] ?? 0)),
    ),
    line(t('dryRun.macs'), ({ macs }) => compact(macs)),
    line(t('dryRun.usd'), ({ usd }) => dollars(usd)),
    line(t('dryRun.agreement'), agreementOf),
    { name: t('dryRun.moved'), was: '', wouldBe: whole(moved) },
    { name: t('dryRun.exact'), was: '', wouldBe: whole(wouldBe.nodes - estimated) },
    { name: t('dryRun.estimated'), was: '', wouldBe: whole(estimated) },
  ];
  return table({
    label: t('dryRun.figure'),
    rows,
    columns: [
      { title: t('dryRun.figure'), cell: ({ name }) => name },
      { title: t('dryRun.was'), numeric: true, cell: (row) => row.was },
      { title: t('dryRun.wouldBe'), numeric: true, cell: (row) => row.wouldBe },
    ],
  });
}

/** Both days on one scale, so that they can be compared by eye. */
function charts({ hours, was, wouldBe }: DryRun): HTMLElement {
  const stages = Math.max(was.exits.length, wouldBe.exits.length);
  const parts = Array.from({ length: stages }, (_, k) => t('overview.stage', { stage: k + 1 }));
  const barsOf = (side: 'was' | 'wouldBe') =>
    hours.map((hour) => ({
      tick: hour.local.slice(-5),
      title: hour.local,
      values: parts.map((_, k) => hour[side].exits[k] ?? 0),
    }));
  const top = Math.max(topOf(barsOf('was')), topOf(barsOf('wouldBe')));
  return h(
    'div',
    { class: 'pair' },
    (['was', 'wouldBe'] as const).map((side) =>
      h(
        'div',
        {},
        h('h3', {}, t(`dryRun.${side}`)),
        stackedBars({
          label: t(`dryRun.${side}`),
          parts,
          bars: barsOf(side),
          format: compact,
          top,
          phase: Number(hours[0].local.slice(-5, -3)),
        }),
      ),
    ),
  );
}

const decisionsOf = ({ decisions }: Hour) =>
  decisions.map(({ local, policy, maxStage, reason }) =>
    h(
      'div',
      {},
      // Of an hour with one decision it is the hour's own.
      decisions.length > 1 && `${local.slice(-5)} `,
      policy,
      maxStage !== null && `, ${t('dryRun.stage', { stage: maxStage })}`,
      h('span', { class: 'hint', lang: 'en' }, ` ${reason}`),
    ),
  );

function byHour({ hours }: DryRun): HTMLElement {
  return h(
    'details',
    { 'data-name': 'hours' },
    h('summary', {}, t('dryRun.hours')),
    table({
      label: t('dryRun.hours'),
      rows: hours,
      columns: [
        { title: t('dryRun.hour'), cell: ({ local }) => local.slice(-5) },
        { title: t('dryRun.nodes'), numeric: true, cell: ({ was }) => whole(was.nodes) },
        { title: t('dryRun.decisions'), words: true, cell: decisionsOf },
        {
          title: `${t('dryRun.macs')}, ${t('dryRun.was')}`,
          numeric: true,
          cell: ({ was }) => compact(was.macs),
        },
        {
          title: t('dryRun.wouldBe'),
          numeric: true,
          cell: ({ wouldBe }) => compact(wouldBe.macs),
        },
        {
          title: `${t('dryRun.usd')}, ${t('dryRun.was')}`,
          numeric: true,
          cell: ({ was }) => dollars(was.usd),
        },
        {
          title: t('dryRun.wouldBe'),
          numeric: true,
          cell: ({ wouldBe }) => dollars(wouldBe.usd),
        },
        {
          title: t('dryRun.agreement'),
          numeric: true,
          cell: ({ wouldBe }) => agreementOf(wouldBe),
        },
      ],
    }),
  );
}

export function dryRun(told: DryRun): HTMLElement {
  const title = t('dryRun.title', { date: told.date });
  if (told.hours.length === 0) return card(title, nothing(t('dryRun.none')));
  return card(
    title,
    figures(told),
    charts(told),
    byHour(told),
    h('h3', {}, t('dryRun.notes')),
    h(
      'ul',
      { class: 'hint', lang: 'en' },
      told.notes.map((note) => h('li', {}, note)),
    ),
  );
}

// One job: what came out of it, what it cost, what was set aside and why.
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { compact, dollars, moment, percent, short, whole } from '../format.ts';
import { t } from '../i18n/index.ts';
import { card, figure } from '../ui/card.ts';
import { table } from '../ui/table.ts';
import { jobActions, jobProgress, jobState } from './job-parts.ts';
import type { PageContext } from './page.ts';

type Job = Awaited<ReturnType<typeof read>>;
type Summary = NonNullable<Job['summary']>;
type Failure = NonNullable<Job['error']>;

const read = (id: string) => edge('get', '/v1/jobs/{id}', { params: { id } });

function reason({ message, allowed }: Failure): HTMLElement {
  return h('span', { lang: 'en' }, allowed === undefined ? message : `${message}: ${allowed}`);
}

/** File, and line or row where it is known. */
const placeOf = ({ file, line, row, field }: Failure): string =>
  [
    file,
    line === undefined ? undefined : `line ${line}`,
    row === undefined ? undefined : `row ${row}`,
    field,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

function facts(job: Job, context: PageContext): HTMLElement {
  const { id, model, bundle, policy, input, created, ended, error } = job;
  return card(
    id,
    h('p', {}, jobState(job), ` ${model} `, h('code', {}, short(bundle)), `, ${policy}, ${input}`),
    h(
      'p',
      { class: 'hint' },
      `${t('jobs.created')} ${moment(created)}`,
      ended !== null && `, ${t('jobs.ended')} ${moment(ended)}`,
    ),
    jobProgress(job),
    error && h('p', { class: 'bad' }, reason(error)),
    h('div', { class: 'actions' }, jobActions(job, context)),
  );
}

/** Plain links: a result may be larger than a page should hold. */
function results({ id, results }: Job): HTMLElement {
  return card(
    t('jobs.results'),
    h(
      'ul',
      { class: 'files' },
      results.map((file) =>
        h(
          'li',
          {},
          h('a', { href: `/v1/jobs/${id}/results/${file}`, download: `${id}-${file}` }, file),
        ),
      ),
    ),
  );
}

function figures({ price, summary }: Job): HTMLElement {
  const { perMillionRows } = price;
  const each = perMillionRows === null ? '–' : dollars(perMillionRows);
  return h(
    'div',
    { class: 'figures' },
    summary &&
      figure({
        name: t('jobs.answered'),
        value: compact(summary.answered),
        hint: t('jobs.answered.hint', { rows: whole(summary.rows) }),
      }),
    summary?.macsShare != null &&
      figure({
        name: t('jobs.macs'),
        value: percent(summary.macsShare),
        hint: t('jobs.macs.hint', { macs: compact(summary.macs) }),
      }),
    figure({
      name: t('jobs.price'),
      value: dollars(price.total),
      hint: t('jobs.price.hint', { price: each }),
    }),
  );
}

function counts(
  label: string,
  title: string,
  rows: readonly { readonly name: string; readonly rows: number }[],
  all: number,
): HTMLElement {
  return card(
    label,
    table({
      label,
      rows,
      columns: [
        { title, cell: ({ name }) => name },
        { title: t('app.rows'), numeric: true, cell: (row) => whole(row.rows) },
        { title: t('jobs.share'), numeric: true, cell: (row) => percent(row.rows, all) },
      ],
    }),
  );
}

function summaries({ classes, exits, answered }: Summary): HTMLElement {
  return h(
    'div',
    { class: 'pair' },
    counts(
      t('jobs.classes'),
      t('app.class'),
      classes.map(({ label, rows }) => ({ name: label, rows })),
      answered,
    ),
    counts(
      t('jobs.exits'),
      t('app.stage'),
      exits.map(({ stage, rows }) => ({ name: t('overview.stage', { stage }), rows })),
      answered,
    ),
  );
}

function failures({ failures }: Job): HTMLElement {
  return card(
    t('jobs.failures'),
    table({
      label: t('jobs.failures'),
      rows: failures,
      columns: [
        { title: t('jobs.chunk'), numeric: true, cell: ({ chunk }) => chunk },
        { title: t('app.rows'), numeric: true, cell: ({ rows }) => whole(rows) },
        { title: t('jobs.place'), cell: ({ error }) => placeOf(error) },
        { title: t('jobs.failure'), words: true, cell: ({ error }) => reason(error) },
      ],
    }),
  );
}

export async function jobDetail(id: string, context: PageContext): Promise<HTMLElement[]> {
  const job = await read(id);
  return [
    h('p', {}, h('a', { href: '#/jobs' }, t('jobs.back'))),
    facts(job, context),
    figures(job),
    ...(job.results.length > 0 ? [results(job)] : []),
    ...(job.summary ? [summaries(job.summary)] : []),
    ...(job.failures.length > 0 ? [failures(job)] : []),
  ];
}

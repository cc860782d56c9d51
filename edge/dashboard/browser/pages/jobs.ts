// Nightly jobs: how far they are, and the schedules that make them.
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { moment } from '../format.ts';
import { t } from '../i18n/index.ts';
import { ask } from '../ui/ask.ts';
import { card, nothing } from '../ui/card.ts';
import { attempt } from '../ui/notice.ts';
import { table } from '../ui/table.ts';
import { jobDetail } from './job-detail.ts';
import { type Job, jobActions, jobName, jobProgress, jobState, readJobs } from './job-parts.ts';
import type { Page, PageContext } from './page.ts';

type Schedule = Awaited<ReturnType<typeof readSchedules>>[number];

const readSchedules = async () => (await edge('get', '/v1/job-schedules')).schedules;

function list(jobs: readonly Job[], context: PageContext): HTMLElement {
  if (jobs.length === 0) return nothing(t('jobs.none', { edge: location.origin }));
  return table({
    label: t('nav.jobs'),
    rows: jobs,
    columns: [
      {
        title: t('jobs.id'),
        cell: ({ id }) => h('a', { href: `#/jobs/${id}`, title: id }, jobName(id)),
      },
      { title: t('jobs.state'), cell: jobState },
      { title: t('jobs.progress'), cell: jobProgress },
      { title: t('jobs.model'), cell: ({ model }) => model },
      { title: t('jobs.input'), cell: ({ input }) => input },
      { title: t('jobs.created'), cell: ({ created }) => moment(created) },
      { title: t('jobs.ended'), cell: ({ ended }) => ended && moment(ended) },
      { title: '', cell: (job) => jobActions(job, context) },
    ],
  });
}

/** Hours are those of UTC; the wall clock here is what a shift goes by. */
function hourHere(hour: number): string {
  const at = new Date();
  at.setUTCHours(hour, 0, 0, 0);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(at.getHours())}:${pad(at.getMinutes())} (${pad(hour)}:00 UTC)`;
}

function schedules(all: readonly Schedule[], { refresh }: PageContext): HTMLElement {
  if (all.length === 0) return nothing(t('jobs.schedule.none'));
  const remove = (name: string) =>
    attempt(async () => {
      const question = t('jobs.schedule.remove.ask', { name });
      if (!(await ask(question, t('jobs.schedule.remove')))) return;
      await edge('delete', '/v1/job-schedules/{name}', { params: { name } });
      await refresh();
    });
  return table({
    label: t('jobs.schedules'),
    rows: all,
    columns: [
      { title: t('jobs.schedule'), cell: ({ name }) => name },
      { title: t('jobs.schedule.hour'), cell: ({ hour }) => hourHere(hour) },
      { title: t('jobs.model'), cell: ({ job }) => job.model },
      { title: t('jobs.input'), cell: ({ job }) => job.input },
      {
        title: t('jobs.schedule.last'),
        cell: ({ name, last }) =>
          last === null ? t('app.never') : h('a', { href: `#/jobs/${name}-${last}` }, last),
      },
      {
        title: t('jobs.schedule.error'),
        cell: ({ error }) => error && h('span', { class: 'bad', lang: 'en' }, error),
      },
      {
        title: '',
        cell: ({ name }) =>
          h(
            'button',
            { class: 'quiet', onclick: () => void remove(name) },
            t('jobs.schedule.remove'),
          ),
      },
    ],
  });
}

export const jobs: Page = {
  async load(context) {
    const [id] = context.rest;
    if (id !== undefined) return jobDetail(id, context);
    const [all, planned] = await Promise.all([readJobs(), readSchedules()]);
    return [
      card(t('nav.jobs'), list(all, context)),
      card(t('jobs.schedules'), schedules(planned, context)),
    ];
  },
};

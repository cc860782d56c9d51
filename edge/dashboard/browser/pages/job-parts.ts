// What a list of jobs and a single one show alike: state, progress, what can be done.
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { whole } from '../format.ts';
import { t } from '../i18n/index.ts';
import { ask } from '../ui/ask.ts';
import { badge } from '../ui/card.ts';
import { attempt } from '../ui/notice.ts';
import type { PageContext } from './page.ts';

export type Job = Awaited<ReturnType<typeof readJobs>>[number];

export const readJobs = async () => (await edge('get', '/v1/jobs')).jobs;

const TONES = {
  planning: 'busy',
  running: 'busy',
  assembling: 'busy',
  finished: 'good',
  'finished-with-failures': 'bad',
  failed: 'bad',
  cancelled: 'plain',
} as const;

/** Ids of jobs that nobody named are long hashes, of which the beginning tells them apart. */
const MAX_ID = 24;

export const jobName = (id: string): string => (id.length > MAX_ID ? `${id.slice(0, 12)}…` : id);

export const jobState = ({ state }: Job): HTMLElement =>
  badge(t(`jobs.state.${state}`), TONES[state]);

/** While rows are still counted nobody knows how far it is. */
export function jobProgress({ id, progress }: Job): HTMLElement {
  const { planned, rows, rowsDone } = progress;
  const values = { done: whole(rowsDone), rows: whole(rows) };
  const words = t(planned ? 'jobs.progress.rows' : 'jobs.progress.counting', values);
  return h(
    'div',
    { class: 'progress' },
    h('progress', {
      'aria-label': `${t('jobs.progress')}: ${id}`,
      ...(planned && { value: rowsDone, max: Math.max(1, rows) }),
    }),
    h('span', { class: 'hint' }, words),
  );
}

/** What has failed can be tried again, while the job runs and after it; a plan that failed cannot. */
const canResume = ({ state, ended, progress }: Job) =>
  (state === 'failed' && progress.planned) ||
  (progress.chunksFailed > 0 && (ended === null || state === 'finished-with-failures'));

export function jobActions(job: Job, { refresh }: PageContext): HTMLElement[] {
  const { id, ended } = job;
  const params = { id };
  const cancel = () =>
    attempt(async () => {
      if (!(await ask(t('jobs.cancel.ask', { id }), t('jobs.cancel')))) return;
      await edge('post', '/v1/jobs/{id}/cancel', { params });
      await refresh();
    });
  const resume = () =>
    attempt(async () => {
      await edge('post', '/v1/jobs/{id}/resume', { params });
      await refresh();
    });
  return [
    ...(canResume(job) ? [h('button', { onclick: () => void resume() }, t('jobs.resume'))] : []),
    ...(ended === null
      ? [h('button', { class: 'quiet', onclick: () => void cancel() }, t('jobs.cancel'))]
      : []),
  ];
}

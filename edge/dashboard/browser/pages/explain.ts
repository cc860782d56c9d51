// Explain a node: a hard case, a row of one's own, or a record that was kept.
import { edge, isMissing } from '../api.ts';
import { h } from '../dom.ts';
import { moment, short, whole } from '../format.ts';
import { t } from '../i18n/index.ts';
import { modelNames } from '../reads.ts';
import { card, nothing } from '../ui/card.ts';
import { attempt, notify } from '../ui/notice.ts';
import { table } from '../ui/table.ts';
import { askForm, type Question } from './explain-form.ts';
import { explanation } from './explanation.ts';
import type { Page } from './page.ts';

/** Kept explanations on the page, the newest. */
const KEPT = 20;

const ask = ({ model, ...json }: Question, keep: boolean) =>
  edge('post', '/v1/models/{model}/explain', { params: { model }, json: { ...json, keep } });

/** The explanation with a button that keeps it; whoever keeps it sees the record in the list. */
async function answer(question: Question, kept: HTMLElement): Promise<HTMLElement[]> {
  const explained = await ask(question, false);
  const keep = h('button', {}, t('explain.keep'));
  keep.addEventListener('click', () => {
    void attempt(async () => {
      keep.disabled = true;
      try {
        await ask(question, true);
        kept.replaceWith(await keptList());
        notify(t('explain.kept.done'));
      } catch (error) {
        keep.disabled = false;
        throw error;
      }
    });
  });
  return [...explanation(explained), h('div', { class: 'actions' }, keep)];
}

async function keptList(): Promise<HTMLElement> {
  const { explanations } = await edge('get', '/v1/explanations', { query: { limit: KEPT } });
  const shown =
    explanations.length === 0
      ? nothing(t('app.nothing'))
      : table({
          label: t('explain.kept'),
          rows: explanations,
          columns: [
            {
              title: t('explain.kept.record'),
              cell: ({ id }) => h('a', { href: `#/explain/kept/${id}` }, h('code', {}, short(id))),
            },
            { title: t('overview.time'), cell: ({ at }) => moment(at) },
            { title: t('explain.kept.by'), cell: ({ key }) => key.name },
            { title: t('explain.model'), cell: ({ model }) => model },
            { title: t('explain.policy'), cell: ({ policy }) => policy },
            { title: t('app.rows'), numeric: true, cell: ({ rows }) => whole(rows) },
          ],
        });
  return card(t('explain.kept'), shown);
}

/** @throws what the edge says, but for a case that gave way to a more telling one. */
async function caseOf(id: string) {
  try {
    return await edge('get', '/v1/hard-cases/{id}', { params: { id } });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function byCase(id: string): Promise<Node[]> {
  const [found, kept] = await Promise.all([caseOf(id), keptList()]);
  const title = h('h2', {}, t('explain.case', { id: short(id) }));
  if (found === undefined) return [title, nothing(t('cases.none')), kept];
  const { model, bundle, policy, row } = found;
  if (row === null) return [title, nothing(t('explain.case.gone')), kept];
  const question: Question = Array.isArray(row)
    ? { model, bundle, policy, rows: [row] }
    : { model, bundle, policy, rows: [row] };
  return [title, ...(await answer(question, kept)), kept];
}

async function byRecord(id: string): Promise<Node[]> {
  const record = await edge('get', '/v1/explanations/{id}', { params: { id } });
  const { at, key } = record;
  const words = t('explain.kept.of', { time: moment(at), name: key.name });
  return [h('p', {}, words), ...explanation(record), await keptList()];
}

async function byHand(): Promise<Node[]> {
  const [models, kept] = await Promise.all([modelNames(), keptList()]);
  if (models.length === 0) return [nothing(t('models.none', { edge: location.origin }))];
  const result = h('div', { class: 'content' });
  const submit = (question: Question) =>
    attempt(async () => {
      result.replaceChildren(...(await answer(question, kept)));
    });
  return [
    h('p', { class: 'intro' }, t('explain.intro')),
    card(t('explain.form'), askForm(models, submit)),
    result,
    kept,
  ];
}

export const explain: Page = {
  still: true,
  load({ rest: [kind, id] }) {
    if (kind === 'case' && id !== undefined) return byCase(id);
    return kind === 'kept' && id !== undefined ? byRecord(id) : byHand();
  },
};

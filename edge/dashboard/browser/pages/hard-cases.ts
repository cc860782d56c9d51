// Hard cases: looked at, labelled, read out for the trainer.
import type { HardCase } from '../../../hard-cases/schemas.ts';
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { download } from '../download.ts';
import { t } from '../i18n/index.ts';
import { manifestOf, modelNames } from '../reads.ts';
import { card, nothing } from '../ui/card.ts';
import { attempt } from '../ui/notice.ts';
import { select } from '../ui/select.ts';
import { hardCaseCard } from './hard-case-card.ts';
import type { Page, PageContext } from './page.ts';

const STATES = ['open', 'labelled', 'skipped'] as const;
const REASONS = ['low-confidence', 'disagreement'] as const;

/** Cases on a page: what a person looks through without a break. */
const PAGE = 20;

/** What a person looks at, kept while they move between pages. */
const chosen = {
  model: '',
  state: 'open' as (typeof STATES)[number] | 'all',
  reason: '' as (typeof REASONS)[number] | '',
  which: 'labelled' as 'labelled' | 'all',
};

const readPage = (after?: string) => {
  const { model, state, reason } = chosen;
  return edge('get', '/v1/hard-cases', {
    query: {
      state,
      limit: PAGE,
      ...(model !== '' && { model }),
      ...(reason !== '' && { reason }),
      ...(after !== undefined && { after }),
    },
  });
};

/** A choice that shows the list anew. */
function filter<K extends 'model' | 'state' | 'reason'>(
  name: K,
  options: readonly (readonly [(typeof chosen)[K], string])[],
  { refresh }: PageContext,
): HTMLElement {
  return select<(typeof chosen)[K]>({
    label: t(`cases.${name}`),
    options,
    value: chosen[name],
    choose(value) {
      chosen[name] = value;
      void refresh();
    },
  });
}

const cards = (cases: readonly HardCase[]) =>
  Promise.all(
    cases.map(async (each) => {
      const manifest = await manifestOf(each.model, each.bundle);
      return hardCaseCard(each, manifest?.classes ?? []);
    }),
  );

/** The list with a button for the next page, whose cases join it. */
async function list(first: Awaited<ReturnType<typeof readPage>>): Promise<HTMLElement> {
  if (first.cases.length === 0) return nothing(t('cases.none'));
  const items = h('ul', { class: 'cases' }, await cards(first.cases));
  let { next } = first;
  const more = h('button', { class: 'quiet', hidden: next === null }, t('app.more'));
  more.addEventListener('click', () => {
    void attempt(async () => {
      const page = await readPage(next ?? undefined);
      const added = await cards(page.cases);
      items.append(...added);
      ({ next } = page);
      more.hidden = next === null;
      added[0]?.querySelector('button')?.focus();
    });
  });
  return h('div', {}, items, more);
}

function exports(models: readonly string[], likely: string | undefined): HTMLElement {
  let model = chosen.model || likely || models[0];
  const save = (format: 'csv' | 'ndjson') => () =>
    void attempt(async () => {
      const query = { model, format, state: chosen.which };
      const table = await edge('get', '/v1/hard-cases/export', { query });
      await download(table, `${model}-hard-cases.${format}`);
    });
  return card(
    t('cases.export'),
    h(
      'div',
      { class: 'choices' },
      select({
        label: t('cases.model'),
        options: models.map((each) => [each, each] as const),
        value: model,
        choose(value) {
          model = value;
        },
      }),
      select<'labelled' | 'all'>({
        label: t('cases.export.which'),
        options: [
          ['labelled', t('cases.export.labelled')],
          ['all', t('cases.export.all')],
        ],
        value: chosen.which,
        choose(value) {
          chosen.which = value;
        },
      }),
      h('button', { onclick: save('csv') }, 'CSV'),
      h('button', { onclick: save('ndjson') }, 'NDJSON'),
    ),
    h('p', { class: 'hint' }, t('cases.export.hint')),
  );
}

export const hardCases: Page = {
  still: true,
  async load(context) {
    const [models, first] = await Promise.all([modelNames(), readPage()]);
    return [
      h('p', { class: 'intro' }, t('cases.intro')),
      h(
        'div',
        { class: 'choices' },
        filter(
          'model',
          [['', t('app.all')], ...models.map((each) => [each, each] as const)],
          context,
        ),
        filter(
          'state',
          [...STATES.map((s) => [s, t(`cases.state.${s}`)] as const), ['all', t('app.all')]],
          context,
        ),
        filter(
          'reason',
          [['', t('app.all')], ...REASONS.map((r) => [r, t(`cases.reason.${r}`)] as const)],
          context,
        ),
      ),
      await list(first),
      ...(models.length > 0 ? [exports(models, first.cases[0]?.model)] : []),
    ];
  },
};

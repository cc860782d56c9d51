// Policies: what holds now and why, the document in force, its versions.
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { compact, moment, percent } from '../format.ts';
import { t } from '../i18n/index.ts';
import { modelNames } from '../reads.ts';
import { badge, card, figure, nothing } from '../ui/card.ts';
import { select } from '../ui/select.ts';
import { table } from '../ui/table.ts';
import type { Page, PageContext } from './page.ts';
import { policyEditor } from './policy-editor.ts';

/** The document of all models without their own, as the edge names it. */
const ALL_MODELS = '*';

/** Versions on the page, the newest: each is a read. */
const SHOWN_VERSIONS = 10;

type Decision = Awaited<ReturnType<typeof readDecision>>;
type Stored = Awaited<ReturnType<typeof readVersion>>;

const readDecision = (model: string) =>
  edge('get', '/v1/policies/{model}/decision', { params: { model } });

const readVersion = (model: string, version?: number) =>
  edge('get', '/v1/policies/{model}', {
    params: { model },
    query: version === undefined ? {} : { version },
  });

const REASONS = [
  'window',
  'exception',
  'otherwise',
  'asked',
  'load',
  'cost',
  'cost-spent',
] as const;

const isKnown = (code: string): code is (typeof REASONS)[number] =>
  (REASONS as readonly string[]).includes(code);

function reasons({ reasons }: Decision): HTMLElement {
  return h(
    'ul',
    { class: 'reasons' },
    reasons.map(({ code, text }) =>
      h(
        'li',
        {},
        badge(isKnown(code) ? t(`policies.reason.${code}`) : code),
        h('span', { lang: 'en' }, ` ${text}`),
      ),
    ),
  );
}

function now(decision: Decision | undefined): HTMLElement {
  if (decision === undefined) return card(t('policies.now'), nothing(t('policies.now.none')));
  const { policy, maxStage, nextChange, load, spent, document, local } = decision;
  return card(
    t('policies.now'),
    h(
      'div',
      { class: 'figures' },
      figure({
        name: t('policies.policy'),
        value: policy,
        hint:
          nextChange === null
            ? t('policies.always')
            : t('policies.until', { time: moment(nextChange) }),
      }),
      figure({
        name: t('policies.maxStage'),
        value: maxStage === null ? t('policies.maxStage.none') : String(maxStage),
        hint: t('policies.maxStage.hint'),
      }),
      load !== null && figure({ name: t('policies.load'), value: compact(load) }),
      spent !== null && figure({ name: t('policies.spent'), value: percent(spent) }),
    ),
    reasons(decision),
    h(
      'p',
      { class: 'hint' },
      t('policies.source', {
        model: document.model,
        version: document.version,
        time: moment(document.created),
        local,
      }),
    ),
  );
}

async function history({ model, version }: Stored, open: (stored: Stored) => void) {
  const oldest = Math.max(1, version - SHOWN_VERSIONS + 1);
  const numbers = Array.from({ length: version - oldest + 1 }, (_, k) => version - k);
  const versions = await Promise.all(numbers.map((each) => readVersion(model, each)));
  return card(
    t('policies.history'),
    table({
      label: t('policies.history'),
      rows: versions,
      columns: [
        { title: t('policies.version'), numeric: true, cell: (each) => each.version },
        { title: t('policies.created'), cell: ({ created }) => moment(created) },
        { title: t('policies.note'), cell: ({ document }) => document.note },
        {
          title: '',
          cell: (each) =>
            h('button', { class: 'quiet', onclick: () => open(each) }, t('policies.load.version')),
        },
      ],
    }),
  );
}

function choice(model: string, models: readonly string[]): HTMLElement {
  return h(
    'div',
    { class: 'choices' },
    select({
      label: t('policies.model'),
      options: [
        ...models.map((each) => [each, each] as const),
        [ALL_MODELS, t('policies.allModels')] as const,
      ],
      value: model,
      choose(value) {
        location.hash = `#/policies/${value}`;
      },
    }),
  );
}

export const policies: Page = {
  still: true,
  async load({ rest: [named], refresh }: PageContext) {
    const [models, listed] = await Promise.all([modelNames(), edge('get', '/v1/policies')]);
    const owners = listed.policies.map((each) => each.model);
    const model = named ?? owners[0] ?? models[0] ?? ALL_MODELS;
    const isOwner = owners.includes(model);
    const [decision, stored] = await Promise.all([
      isOwner || owners.includes(ALL_MODELS) ? readDecision(model) : undefined,
      isOwner ? readVersion(model) : undefined,
    ]);
    const editor = policyEditor({ model, stored, refresh });
    return [
      choice(model, models),
      now(decision),
      editor.element,
      ...(stored === undefined ? [] : [await history(stored, editor.open)]),
    ];
  },
};

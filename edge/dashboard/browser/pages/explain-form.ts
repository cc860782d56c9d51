// The question about a row that a person pastes.
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { short } from '../format.ts';
import { t } from '../i18n/index.ts';
import { attempt, notify } from '../ui/notice.ts';
import { select } from '../ui/select.ts';

type Policy = 'auto' | 'day' | 'night';

interface SparseRow {
  readonly indices: number[];
  readonly values: number[];
}

/** What is sent, beside `keep`. What a row may be, the edge says. */
export interface Question {
  readonly model: string;
  readonly bundle?: string;
  readonly policy: Policy;
  readonly rows: number[][] | SparseRow[];
}

/** What was typed, kept while a person moves between pages. */
const draft = { model: '', bundle: '', policy: 'auto' as Policy, text: '' };

const EXAMPLE = '[0.5, 12.1, …] / {"indices": [3, 17], "values": [1, 2]}';

async function bundleOptions(model: string) {
  const { bundles } = await edge('get', '/v1/models/{model}', { params: { model } });
  return [
    ['', t('explain.bundle.served')] as const,
    ...bundles.map(({ sha256, version }) => [sha256, `${version} (${short(sha256)})`] as const),
  ];
}

function read(text: string): Question['rows'] | undefined {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    notify(t('policies.notJson', { reason: String((error as Error).message) }), 'bad');
    return undefined;
  }
}

/** @param ask called with a row that is JSON. */
export function askForm(
  models: readonly string[],
  ask: (question: Question) => Promise<void>,
): HTMLElement {
  if (!models.includes(draft.model)) draft.model = models[0];
  const row = h('textarea', { name: 'row', required: true, class: 'short', spellcheck: 'false' });
  row.value = draft.text;
  row.addEventListener('input', () => {
    draft.text = row.value;
  });
  const bundles = h('div', {});
  const showBundles = async () => {
    const { model } = draft;
    const options = await bundleOptions(model);
    if (model !== draft.model) return;
    if (!options.some(([sha256]) => sha256 === draft.bundle)) draft.bundle = '';
    bundles.replaceChildren(
      select({
        label: t('explain.bundle'),
        options,
        value: draft.bundle,
        choose(value) {
          draft.bundle = value;
        },
      }),
    );
  };
  void attempt(showBundles);
  const submit = (event: Event) => {
    event.preventDefault();
    const rows = read(row.value);
    if (rows === undefined) return;
    const { model, bundle, policy } = draft;
    void ask({ model, policy, rows, ...(bundle !== '' && { bundle }) });
  };
  return h(
    'form',
    { onsubmit: submit },
    h(
      'div',
      { class: 'choices' },
      select({
        label: t('explain.model'),
        options: models.map((each) => [each, each] as const),
        value: draft.model,
        choose(value) {
          draft.model = value;
          void attempt(showBundles);
        },
      }),
      bundles,
      select<Policy>({
        label: t('explain.policy'),
        options: [
          ['auto', t('explain.policy.auto')],
          ['day', 'day'],
          ['night', 'night'],
        ],
        value: draft.policy,
        choose(value) {
          draft.policy = value;
        },
      }),
    ),
    h('label', {}, t('explain.row', { example: EXAMPLE }), row),
    h('div', { class: 'actions' }, h('button', {}, t('explain.submit'))),
  );
}

// A policy document as JSON: edited, tried on yesterday's traffic, put in force.
import type { PolicyDocument } from '@dandan/shared/policy';
import { EdgeProblem } from '../../../client/client.ts';
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { t } from '../i18n/index.ts';
import { ask } from '../ui/ask.ts';
import { card } from '../ui/card.ts';
import { attempt, notify } from '../ui/notice.ts';
import { dryRun } from './dry-run.ts';
import { fieldPlace, pretty } from './field-place.ts';

interface Stored {
  readonly version: number;
  readonly document: PolicyDocument;
}

export interface PolicyEditorOptions {
  readonly model: string;
  /** The document in force; `undefined`: none. */
  readonly stored: Stored | undefined;
  /** Called once another document is in force. */
  refresh(): Promise<void>;
}

/** To begin with: nights of a working week, in the zone of whoever writes it. */
const example = () => ({
  schema: 1,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  otherwise: 'day',
  rules: [
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '22:00', to: '06:00', policy: 'night' },
  ],
});

/** With `if-match`, or `if-none-match` where there is none yet: nobody else's version is lost. */
const put = (model: string, json: PolicyDocument, stored: Stored | undefined) =>
  edge('put', '/v1/policies/{model}', {
    params: { model },
    headers:
      stored === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${stored.version}"` },
    json,
  });

export function policyEditor({ model, stored, refresh }: PolicyEditorOptions) {
  const complaint = h('p', { class: 'complaint bad', id: 'complaint', role: 'alert' });
  const origin = h('p', { class: 'hint' });
  const text = h('textarea', {
    name: 'document',
    spellcheck: 'false',
    'aria-describedby': complaint.id,
  });
  const result = h('div', { class: 'content', 'aria-live': 'polite' });

  function show(document: unknown, words: string): void {
    text.value = pretty(document);
    origin.textContent = words;
    complain('');
  }

  function complain(words: string, place?: { readonly start: number; readonly end: number }): void {
    complaint.textContent = words;
    text.setAttribute('aria-invalid', String(words !== ''));
    if (place === undefined) return;
    text.focus();
    text.setSelectionRange(place.start, place.end);
    const above = text.value.slice(0, place.start).split('\n').length - 1;
    text.scrollTop = (text.scrollHeight * above) / text.value.split('\n').length - 60;
  }

  /** Runs a call with the document; what the edge says of a field is said at the field. */
  async function withDocument(call: (document: PolicyDocument) => Promise<void>): Promise<void> {
    complain('');
    let document: PolicyDocument;
    try {
      // What it is, the edge says.
      document = JSON.parse(text.value) as PolicyDocument;
    } catch (error) {
      complain(t('policies.notJson', { reason: (error as Error).message }));
      return;
    }
    await attempt(async () => {
      try {
        await call(document);
      } catch (error) {
        const problem = error instanceof EdgeProblem ? error.problem : undefined;
        if (problem?.code !== 'option-invalid' || problem.field === undefined) throw error;
        const { field, allowed = '' } = problem;
        text.value = pretty(document);
        complain(t('policies.field', { field, allowed }), fieldPlace(document, field));
      }
    });
  }

  const save = () =>
    withDocument(async (document) => {
      if (!(await ask(t('policies.save.ask', { model }), t('policies.save')))) return;
      const { version } = await put(model, document, stored);
      await refresh();
      notify(
        version === stored?.version ? t('policies.saved.same') : t('policies.saved', { version }),
      );
    });

  const tryOut = () =>
    withDocument(async (document) => {
      const params = { model };
      const told = await edge('post', '/v1/policies/{model}/dry-run', { params, json: document });
      result.replaceChildren(dryRun(told));
    });

  const openVersion = ({ version, document }: Stored) => {
    show(document, t('policies.document.version', { version }));
    text.focus();
  };
  if (stored === undefined) show(example(), t('policies.document.none'));
  else show(stored.document, t('policies.document.version', { version: stored.version }));
  const element = h(
    'div',
    { class: 'content' },
    card(
      t('policies.document'),
      origin,
      h('label', {}, t('policies.document.label'), text),
      complaint,
      h(
        'div',
        { class: 'actions' },
        h('button', { class: 'quiet', onclick: () => void tryOut() }, t('policies.dryRun')),
        h('button', { onclick: () => void save() }, t('policies.save')),
      ),
    ),
    result,
  );
  return { element, open: openVersion };
}

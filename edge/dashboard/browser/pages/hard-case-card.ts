// One hard case, to be labelled with a touch.
import type { HardCase } from '../../../hard-cases/schemas.ts';
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { moment, percent, short } from '../format.ts';
import { t } from '../i18n/index.ts';
import { badge } from '../ui/card.ts';
import { attempt } from '../ui/notice.ts';
import { select } from '../ui/select.ts';

/** More classes than these are a list to choose from. */
const MAX_BUTTONS = 8;

interface Label {
  readonly label: string | null;
  readonly new?: boolean;
}

function stateOf({ state, label, newLabel }: HardCase): HTMLElement {
  if (state !== 'labelled') return badge(t(`cases.state.${state}`));
  return badge(
    t(newLabel ? 'cases.labelledNew' : 'cases.labelled', { label: label ?? '' }),
    'good',
  );
}

function newClass(choose: (label: Label) => void): HTMLElement {
  const name = h('input', { name: 'label', required: true, maxlength: 128, autocomplete: 'off' });
  const submit = (event: Event) => {
    event.preventDefault();
    choose({ label: name.value.trim(), new: true });
  };
  return h(
    'details',
    {},
    h('summary', {}, t('cases.new')),
    h(
      'form',
      { class: 'choices', onsubmit: submit },
      h('label', {}, t('cases.new.name'), name),
      h('button', {}, t('cases.new.submit')),
    ),
  );
}

function buttons(
  { label, id }: HardCase,
  classes: readonly string[],
  choose: (label: Label) => void,
): HTMLElement {
  const group = (children: readonly HTMLElement[]) =>
    h(
      'div',
      { class: 'labels', role: 'group', 'aria-label': t('cases.label', { id: short(id) }) },
      children,
      h('button', { class: 'quiet', onclick: () => choose({ label: null }) }, t('cases.skip')),
    );
  if (classes.length === 0) return group([h('p', { class: 'hint' }, t('cases.noClasses'))]);
  if (classes.length > MAX_BUTTONS) {
    const options = [['', '–'], ...classes.map((each) => [each, each] as const)] as const;
    const value = label !== null && classes.includes(label) ? label : '';
    return group([
      select({
        label: t('app.class'),
        options,
        value,
        choose: (chosen) => chosen !== '' && choose({ label: chosen }),
      }),
    ]);
  }
  return group(
    classes.map((each) =>
      h(
        'button',
        {
          class: 'quiet',
          'aria-pressed': String(each === label),
          onclick: () => choose({ label: each }),
        },
        each,
      ),
    ),
  );
}

function facts({ answer, confidence, fullAnswer, device, at, reason, bundle, model }: HardCase) {
  return [
    h(
      'p',
      {},
      h('strong', {}, t('cases.answer', { label: answer, confidence: percent(confidence) })),
      fullAnswer !== null && ` ${t('cases.full', { label: fullAnswer })}`,
    ),
    h(
      'p',
      { class: 'hint' },
      badge(t(`cases.reason.${reason}`), 'busy'),
      ` ${t('cases.where', { device: device ?? t('cases.noDevice'), time: moment(at) })}, ${model} `,
      h('code', {}, short(bundle)),
    ),
  ];
}

/** @param classes those of its bundle; empty where the bundle is gone. */
export function hardCaseCard(given: HardCase, classes: readonly string[]): HTMLElement {
  const card = h('li', { class: 'card case', id: given.id });
  const fill = (shown: HardCase) => {
    const choose = (label: Label) =>
      void attempt(async () => {
        const params = { id: shown.id };
        fill(await edge('put', '/v1/hard-cases/{id}/label', { params, json: label }));
        // The buttons are new ones: a keyboard goes on at this case.
        card.querySelector<HTMLElement>('[aria-pressed=true], .labels button')?.focus();
      });
    card.replaceChildren(
      h('div', {}, facts(shown), buttons(shown, classes, choose), newClass(choose)),
      h(
        'div',
        { class: 'aside' },
        stateOf(shown),
        h('a', { href: `#/explain/case/${shown.id}` }, t('cases.explain')),
      ),
    );
  };
  fill(given);
  return card;
}

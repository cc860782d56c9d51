// A question before something is changed, in the browser's own dialog element.
import { h } from '../dom.ts';
import { t } from '../i18n/index.ts';

/** Whether the person says yes. Escape and the backdrop say no. */
export function ask(question: string, yes: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const dialog = h(
    'dialog',
    { 'aria-label': question },
    h(
      'form',
      { method: 'dialog' },
      h('p', {}, question),
      h(
        'div',
        { class: 'actions' },
        h('button', { value: 'no', class: 'quiet' }, t('app.cancel')),
        h('button', { value: 'yes', autofocus: true }, yes),
      ),
    ),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(dialog.returnValue === 'yes');
  });
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}

// What just happened, said to eyes and screen readers.
import { reasonOf } from '../api.ts';
import { h } from '../dom.ts';
import { t } from '../i18n/index.ts';

const region = h('div', { class: 'notices', role: 'status', 'aria-live': 'polite' });

/** The place where notices appear; once per page. */
export const noticeRegion = (): HTMLElement => region;

export function notify(words: string, tone: 'good' | 'bad' = 'good'): void {
  region.replaceChildren(h('p', { class: `notice ${tone}` }, words));
}

/** Runs an action of a person; a failure is said, and does not leave the page half done. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    region.replaceChildren();
    await action();
  } catch (error) {
    notify(t('app.failed', { reason: reasonOf(error) }), 'bad');
  }
}

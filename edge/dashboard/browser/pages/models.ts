// Models with their bundles, and the rollouts a person may promote or roll back.
import { edge } from '../api.ts';
import { h } from '../dom.ts';
import { bytes, moment, short } from '../format.ts';
import { t } from '../i18n/index.ts';
import { ask } from '../ui/ask.ts';
import { badge, card, nothing } from '../ui/card.ts';
import { attempt } from '../ui/notice.ts';
import { table } from '../ui/table.ts';
import type { Page, PageContext } from './page.ts';

type Model = Awaited<ReturnType<typeof readModel>>;
type Release = Model['channels'][number];

const readModel = (model: string) => edge('get', '/v1/models/{model}', { params: { model } });

const readReleases = async (model: string, channel: string) =>
  (
    await edge('get', '/v1/models/{model}/channels/{channel}/releases', {
      params: { model, channel },
    })
  ).releases;

const TONES = {
  canary: 'busy',
  promoted: 'good',
  'rolled-back': 'bad',
  superseded: 'plain',
} as const;

function stateOf({ state, percent, deadline }: Release): HTMLElement {
  const words = t(`models.state.${state}`, { percent, deadline: moment(deadline) });
  return badge(words, TONES[state]);
}

function change(release: Release, action: 'promote' | 'rollback', { refresh }: PageContext) {
  const { model, channel } = release;
  const values = { release: release.release, channel, bundle: short(release.fallback) };
  const click = () =>
    attempt(async () => {
      if (!(await ask(t(`models.${action}.ask`, values), t(`models.${action}`)))) return;
      await edge('post', '/v1/models/{model}/channels/{channel}/rollout', {
        params: { model, channel },
        json: { release: release.release, action },
      });
      await refresh();
    });
  return h(
    'button',
    { class: action === 'promote' ? undefined : 'quiet', onclick: () => void click() },
    t(`models.${action}`),
  );
}

function actions(release: Release, context: PageContext): HTMLElement[] {
  const { state, fallback } = release;
  return [
    ...(state === 'canary' ? [change(release, 'promote', context)] : []),
    ...(fallback !== null && (state === 'canary' || state === 'promoted')
      ? [change(release, 'rollback', context)]
      : []),
  ];
}

const columns = () => [
  { title: t('models.release'), numeric: true, cell: ({ release }: Release) => release },
  { title: t('models.bundle'), cell: ({ bundle }: Release) => h('code', {}, short(bundle)) },
  { title: t('models.state'), cell: stateOf },
  { title: t('models.reason'), words: true, cell: ({ reason }: Release) => reason },
  { title: t('models.created'), cell: ({ created }: Release) => moment(created) },
];

async function channel(release: Release, context: PageContext): Promise<HTMLElement> {
  const releases = await readReleases(release.model, release.channel);
  return h(
    'div',
    { class: 'channel' },
    h('h3', {}, `${release.model}/${release.channel}`),
    h(
      'p',
      {},
      h('code', {}, short(release.bundle)),
      ' ',
      stateOf(release),
      ' ',
      t('models.fallback'),
      ' ',
      h('code', {}, short(release.fallback)),
    ),
    h('div', { class: 'actions' }, actions(release, context)),
    h(
      'details',
      { 'data-name': `${release.model}/${release.channel}` },
      h('summary', {}, t('models.history')),
      table({ label: t('models.history'), columns: columns(), rows: releases }),
    ),
  );
}

async function section(name: string, context: PageContext): Promise<HTMLElement> {
  const { bundles, channels } = await readModel(name);
  return card(
    name,
    await Promise.all(channels.map((release) => channel(release, context))),
    h('h3', {}, t('models.bundles')),
    table({
      label: t('models.bundles'),
      rows: bundles,
      columns: [
        { title: t('models.bundle'), cell: ({ sha256 }) => h('code', {}, short(sha256)) },
        { title: t('models.version'), cell: ({ version }) => version },
        { title: t('models.stages'), numeric: true, cell: ({ stages }) => stages },
        { title: t('models.size'), numeric: true, cell: (bundle) => bytes(bundle.bytes) },
        { title: t('models.created'), cell: ({ created }) => moment(created) },
      ],
    }),
  );
}

export const models: Page = {
  async load(context) {
    const { models: listed } = await edge('get', '/v1/models');
    if (listed.length === 0) return [nothing(t('models.none', { edge: location.origin }))];
    return Promise.all(listed.map(({ model }) => section(model, context)));
  },
};

// Drift: rows of a day against those a bundle was trained on.
import type { MetricsReport } from '../../../metrics/schemas.ts';
import { edge } from '../api.ts';
import { stackedBars } from '../chart/stacked-bars.ts';
import { h } from '../dom.ts';
import { decimal, short, tick, whole } from '../format.ts';
import { t } from '../i18n/index.ts';
import { manifestOf } from '../reads.ts';
import { badge, card, figure, nothing } from '../ui/card.ts';
import { table } from '../ui/table.ts';
import type { Page } from './page.ts';

type Day = MetricsReport['drift'][number];

/** Features of a table; the edge names some more. */
const SHOWN_SHIFTS = 10;

const DAY_MS = 86_400_000;

/** Days are those of UTC, by which the edge counts; a name in local time could be the one before. */
const dayName = (iso: string) => tick(iso.slice(0, 10).concat('T12:00:00Z'), 'day');

/** Every day of the report, those without rows too. */
function byDay(days: readonly Day[], { from, to }: MetricsReport): HTMLElement {
  const drifted = new Map(days.map((each) => [each.day, each.drifted]));
  const first = Math.floor(Date.parse(from) / DAY_MS) * DAY_MS;
  const count = Math.ceil((Date.parse(to) - first) / DAY_MS);
  return stackedBars({
    label: t('drift.days'),
    parts: [t('drift.today')],
    format: whole,
    height: 110,
    phase: -count + 1,
    bars: Array.from({ length: count }, (_, k) => {
      const day = new Date(first + k * DAY_MS).toISOString();
      return { tick: dayName(day), title: dayName(day), values: [drifted.get(day) ?? 0] };
    }),
  });
}

function furthest({ shifts, day }: Day): HTMLElement {
  const label = t('drift.furthest', { day: dayName(day) });
  return h(
    'div',
    {},
    h('h3', {}, label),
    table({
      label,
      rows: shifts.slice(0, SHOWN_SHIFTS),
      columns: [
        { title: t('drift.feature'), cell: ({ name }) => name },
        { title: t('drift.psi'), numeric: true, cell: ({ psi }) => decimal(psi) },
        { title: t('drift.expected'), numeric: true, cell: ({ expected }) => decimal(expected) },
        { title: t('drift.score'), numeric: true, cell: ({ score }) => decimal(score) },
        {
          title: t('drift.state'),
          cell: ({ drifted }) =>
            drifted ? badge(t('drift.drifted'), 'bad') : badge(t('drift.calm')),
        },
      ],
    }),
  );
}

/** @param days newest first. */
function distances(days: readonly Day[], report: MetricsReport): HTMLElement[] {
  const [latest] = days;
  const { features, drifted, rows, referenceRows } = latest;
  return [
    h(
      'div',
      { class: 'figures plain' },
      figure({
        name: t('drift.today'),
        value: whole(drifted),
        hint: t('drift.today.hint', { features: whole(features), day: dayName(latest.day) }),
        tone: drifted > 0 ? 'bad' : 'good',
      }),
      figure({
        name: t('drift.rows'),
        value: whole(rows),
        hint: t('drift.rows.hint', { reference: whole(referenceRows) }),
      }),
    ),
    h('h3', {}, t('drift.days')),
    byDay(days, report),
    furthest(latest),
  ];
}

type Place = Pick<Day, 'model' | 'bundle'>;

const daysOf = ({ model, bundle }: Place, { drift }: MetricsReport): Day[] =>
  drift.filter((each) => each.bundle === bundle && each.model === model);

/** What has drifted comes first, what cannot be compared last. */
const driftOf = (place: Place, report: MetricsReport): number =>
  daysOf(place, report)[0]?.drifted ?? -1;

async function section(place: Place, report: MetricsReport): Promise<HTMLElement> {
  const { model, bundle } = place;
  const days = daysOf(place, report);
  const manifest = await manifestOf(model, bundle);
  const title = `${model} ${manifest?.version ?? ''} (${short(bundle)})`;
  if (days.length > 0) return card(title, distances(days, report));
  if (manifest === undefined) return card(title, nothing(t('drift.gone')));
  const known = manifest.reference !== undefined;
  return card(title, nothing(t(known ? 'drift.noRows' : 'drift.noReference')));
}

export const drift: Page = {
  async load() {
    const report = await edge('get', '/v1/metrics', { query: { step: 'day' } });
    // Gateways' own answers come without rows.
    const seen = [...report.drift, ...report.series.filter(({ tier }) => tier === 'edge')];
    const places = new Map(seen.map((each) => [`${each.model} ${each.bundle}`, each]));
    return [
      h('p', { class: 'intro' }, t('drift.intro')),
      ...(places.size === 0 ? [nothing(t('drift.none'))] : []),
      ...(await Promise.all(
        [...places.values()]
          .sort((a, b) => driftOf(b, report) - driftOf(a, report))
          .map((each) => section(each, report)),
      )),
    ];
  },
};

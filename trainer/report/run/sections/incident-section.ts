// How soon faults are noticed, how many are missed, how often nothing was wrong.
import type { AlarmJudgement } from '../../../evaluate/incidents/index.ts';
import { COMPARED } from '../../../run/answers/test-answers.ts';
import { delayChart } from '../charts/delay-chart.ts';
import { MODEL_LOOKS } from '../charts/styles.ts';
import type { JudgedIncidents } from '../facts/incident-facts.ts';
import {
  type DelayNumbers,
  delayNumbers,
  incidentNumbers,
  normalDays,
} from '../facts/incident-numbers.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { cell, type RunBlock, section } from '../run-block.ts';
import type { Say } from '../say.ts';
import { INCIDENT_WORDS } from './incident-words.ts';
import { MODEL_WORDS } from './model-words.ts';

const MINUTE_MS = 60_000;

const rate = (value: number | undefined) => (value === undefined ? '—' : value.toFixed(2));

function row(name: string, numbers: DelayNumbers, say: Say) {
  const { judged, seen, named, early, fastestMs, medianMs, slowestMs } = numbers;
  const counts = [judged, seen, judged - seen, named, early].map((count) => say.count(count));
  const delays = [fastestMs, medianMs, slowestMs].map((delay) =>
    delay === undefined ? '—' : say.duration(delay),
  );
  return { name, cells: [...counts, ...delays].map((text) => cell(text)) };
}

function delays(
  { judgement, normal, stepMs }: JudgedIncidents,
  facts: RunFacts,
  say: Say,
): RunBlock[] {
  const w = INCIDENT_WORDS[say.language];
  const { classes } = facts.manifest;
  const begun = judgement.incidents.filter(({ begins }) => begins);
  if (begun.length === 0) return [{ kind: 'text', text: w.noIncident(say) }];
  const kinds = classes.flatMap((name, c) => {
    const own = begun.filter((incident) => incident.class === c);
    return c === normal || own.length === 0 ? [] : [{ name, own }];
  });
  const words = kinds.map(({ name, own }) => {
    const { judged, seen, medianMs } = delayNumbers(own);
    const median = medianMs === undefined ? '' : `, ${say.duration(medianMs)}`;
    return `${name} ${seen}/${judged}${median}`;
  });
  return [
    {
      kind: 'table',
      caption: w.caption(say.duration(stepMs)),
      columns: w.columns,
      rows: [
        ...kinds.map(({ name, own }) => row(name, delayNumbers(own), say)),
        row(w.all, delayNumbers(begun), say),
      ],
    },
    {
      kind: 'charts',
      charts: [
        delayChart({
          id: `${say.language}-delays`,
          title: w.chart,
          alt: `${w.chart}: ${words.join('; ')}.`,
          xLabel: w.chartX,
          missed: w.missed,
          style: { ...MODEL_LOOKS.cascade, name: '' },
          rows: kinds.map(({ name, own }) => ({
            name,
            delays: own.map(({ noticedMs }) =>
              noticedMs === undefined ? undefined : noticedMs / MINUTE_MS,
            ),
          })),
        }),
      ],
    },
  ];
}

function falseAlarms({ judgement, assets }: JudgedIncidents, say: Say): string {
  const w = INCIDENT_WORDS[say.language];
  const { falsePerDay } = incidentNumbers({ assets }, judgement);
  if (falsePerDay === undefined) return w.noNormalTime;
  return w.falseText({
    alarms: say.count(judgement.falseAlarms),
    days: normalDays(judgement).toFixed(1),
    perAsset: rate(judgement.falsePerAssetDay),
    perDay: rate(falsePerDay),
    assets,
  });
}

function beside(incidents: JudgedIncidents, say: Say): RunBlock[] {
  const { compared, judgement } = incidents;
  if (compared === undefined) return [];
  const w = INCIDENT_WORDS[say.language];
  const { models } = MODEL_WORDS[say.language];
  const line = (name: string, of: AlarmJudgement) => {
    const { judged, seen, named, medianMs, falsePerDay } = incidentNumbers(incidents, of);
    const median = medianMs === undefined ? '—' : say.duration(medianMs);
    const texts = [`${seen} / ${judged}`, `${named} / ${judged}`, median, rate(falsePerDay)];
    return { name, cells: texts.map((text) => cell(text)) };
  };
  return [
    {
      kind: 'table',
      caption: w.besideCaption,
      columns: w.besideColumns,
      rows: [
        line(models.cascade, judgement),
        ...COMPARED.map((model) => line(models[model], compared[model])),
      ],
    },
  ];
}

export function incidentSection(facts: RunFacts, say: Say): RunBlock[] {
  const w = INCIDENT_WORDS[say.language];
  const { incidents, manifest } = facts;
  const title = section('incidents', w.title);
  if (incidents.kind === 'no-times') return [title, { kind: 'text', text: w.noTimes }];
  if (incidents.kind === 'no-normal') return [title, { kind: 'text', text: w.noNormal }];
  const { normal, basis, seenShare, rates } = incidents;
  const normalName = MODEL_WORDS[say.language].quoted(manifest.classes[normal]);
  const { f1, falseAlarmRate, missedAlarmRate } = rates;
  return [
    title,
    { kind: 'text', text: w.text(say, normalName) },
    {
      kind: 'text',
      text: basis === 'test' ? w.onTest(say) : w.onAll(say, say.percent(seenShare, 0)),
    },
    ...delays(incidents, facts, say),
    { kind: 'text', text: falseAlarms(incidents, say) },
    ...beside(incidents, say),
    {
      kind: 'text',
      text: w.rates(say, {
        f1: say.percent(f1),
        falseRate: say.percent(falseAlarmRate),
        missed: say.percent(missedAlarmRate),
      }),
    },
  ];
}

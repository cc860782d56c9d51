import { createCascade, runCascade, traceCascade } from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import { expect, test } from 'vitest';
import { judgeAlarms, usualStep, watchesOf } from '../../evaluate/incidents/index.ts';
import { quantiseFeatures } from '../../quantise/input.ts';
import { collectRunFacts } from './facts/run-facts.ts';
import { toRunPage } from './run-page.ts';
import { createRunReport } from './run-report.ts';
import { LANGUAGES } from './say.ts';
import { languagePart, plainText, tableRows } from './testing/page-text.ts';
import {
  createRunFixture,
  HOSTILE_ASSETS,
  HOSTILE_CLASSES,
  type RunFixtureOptions,
} from './testing/run-fixture.ts';

const CERTIFICATE = {
  alpha: 0.02,
  delta: 0.1,
  n: 900,
  method: 'pareto',
  disagreements: 3,
  worstClass: 0.05,
  escalation: { stages: 2, limit: 0.3 },
} as const;

/** Every branch of the page. */
const VARIANTS: readonly [string, RunFixtureOptions][] = [
  ['a history in blocks', {}],
  ['a certified history', { certificate: CERTIFICATE, setting: 'tran' }],
  ['scattered test windows', { places: 'scattered', perfectOthers: true }],
  ['a plain graph', { places: 'none' }],
  ['no normal class', { classes: ['AX1', 'BX1', '<CX1>'] }],
  ['two classes', { classes: ['正常', '摩耗'] }],
  [
    'fifty classes',
    { classes: Array.from({ length: 50 }, (_, c) => (c === 0 ? '正常' : `K${c}`)) },
  ],
];

async function setUp(options: RunFixtureOptions = {}) {
  const fixture = await createRunFixture(options);
  const facts = collectRunFacts({ ...fixture, timed: false });
  const html = toRunPage(LANGUAGES.map((language) => createRunReport(facts, language)));
  return { fixture, facts, html, en: languagePart(html, 'en'), ja: languagePart(html, 'ja') };
}

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

/** The cascade's own answers, run again here. */
function answersOf({ bundle, graph, split }: Awaited<ReturnType<typeof createRunFixture>>) {
  const rows = selectRows(quantiseFeatures(graph.features, bundle.input), split.test);
  const cascade = createCascade(bundle);
  const day = runCascade(cascade, rows, bundle.manifest.policies.day);
  return { day, trace: traceCascade(cascade, rows), rows };
}

test('the figures by class equal a count over the answers', async () => {
  const { fixture, en } = await setUp();
  const { graph, split } = fixture;
  const { day } = answersOf(fixture);
  const told = [...day.classes];
  const truth = [...split.test].map((node) => graph.labels[node]);
  const rows = tableRows(en, 'Test windows, with the early exits of the day policy');
  HOSTILE_CLASSES.forEach((name, c) => {
    const of = (list: number[]) => list.filter((value) => value === c).length;
    const right = truth.filter((label, i) => label === c && told[i] === c).length;
    const [support, answered] = [of(truth), of(told)];
    expect(support).toBeGreaterThan(10);
    const share = (value: number) => (Number.isNaN(value) ? '—' : percent(value));
    expect(rows[c]).toEqual([
      name.replaceAll(/\s+/g, ' '),
      String(support),
      String(answered),
      String(right),
      share(right / answered),
      share(right / support),
      percent((2 * right) / (support + answered)),
    ]);
  });
  const accuracy = truth.filter((label, i) => label === told[i]).length / truth.length;
  const beside = tableRows(en, 'Test windows. Balanced');
  expect(beside[0].slice(0, 2)).toEqual(['Cascade, early exits', percent(accuracy)]);
  for (const [i, model] of (['teacher', 'mlp', 'glnn'] as const).entries()) {
    const { classes } = fixture.answers[model];
    const right = truth.filter((label, j) => label === classes[j]).length;
    expect(beside[i + 1][1]).toBe(percent(right / truth.length));
  }
});

test('costs, shares and disagreement equal those of the cascade run again', async () => {
  const { fixture, en } = await setUp();
  const { day, trace } = answersOf(fixture);
  const truth = [...fixture.split.test].map((node) => fixture.graph.labels[node]);
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  const rows = tableRows(en, 'Test windows; FLOPs');
  fixture.bundle.manifest.stages.forEach(({ endByte }, k) => {
    const [, stop, , accuracy, same, flops, weights] = rows[k];
    expect(stop).toBe(percent(mean([...day.stage].map((stage) => Number(stage === k + 1)))));
    expect(accuracy).toBe(percent(mean(truth.map((t, i) => Number(t === trace.classes[k][i])))));
    const agree = truth.map((_, i) => Number(trace.classes[k][i] === trace.classes[2][i]));
    expect(same).toBe(percent(mean(agree)));
    expect(Number(flops.replace(',', ''))).toBe(Math.round(2 * mean(trace.macs[k])));
    expect(weights).toBe(
      endByte < 1024 ? `${endByte} B` : `${Number((endByte / 1024).toPrecision(3))} KiB`,
    );
  });
  const saved = 1 - mean(day.macs) / mean(trace.macs[2]);
  expect(plainText(en)).toContain(`of the computation saved ${percent(saved, 0)}`);
  const differ = mean([...day.classes].map((c, i) => Number(c !== trace.classes[2][i])));
  expect(tableRows(en, 'Policies in the bundle')[0].at(-1)).toBe(percent(differ, 2));
});

test('calibration error equals a sum over sorted bins, before and after temperatures', async () => {
  const { fixture, en } = await setUp();
  const truth = [...fixture.split.test].map((node) => fixture.graph.labels[node]);
  const { bundle } = fixture;
  const { rows, trace } = answersOf(fixture);
  const untempered = {
    ...bundle,
    stages: bundle.stages.map((stage) => ({ ...stage, inverseTemperature: 1 })),
  };
  const ece = ({ classes, confidence }: typeof trace, k: number) => {
    let sum = 0;
    for (let bin = 0; bin < 10; bin++) {
      const inside = truth
        .map((label, i) => ({ right: label === classes[k][i], sure: confidence[k][i] }))
        .filter(({ sure }) => sure > bin / 10 && sure <= (bin + 1) / 10);
      const gap = inside.reduce((total, { right, sure }) => total + Number(right) - sure, 0);
      sum += Math.abs(gap);
    }
    return percent(sum / truth.length);
  };
  const before = traceCascade(createCascade(untempered), rows);
  const told = tableRows(en, 'Running answer after each stage');
  for (const k of [0, 1, 2]) {
    expect(told[k].slice(2, 4)).toEqual([ece(before, k), ece(trace, k)]);
  }
  expect(told[0][2]).not.toBe(told[0][3]);
});

test('incidents and false alarms equal the judgement of the same answers', async () => {
  const { fixture, en } = await setUp();
  const { graph, split } = fixture;
  const places = graph.places!;
  const { day } = answersOf(fixture);
  const { labels } = graph;
  const watches = watchesOf({ places, labels, nodes: split.test, answers: day.classes });
  const judged = judgeAlarms({ watches, normal: 0, stepMs: usualStep(places) });
  const begun = judged.incidents.filter(({ begins }) => begins);
  expect(begun.length).toBeGreaterThan(5);
  const seen = begun.filter(({ noticedMs }) => noticedMs !== undefined);
  const total = tableRows(en, 'Incidents whose begin was watched').at(-1)!;
  expect(total.slice(0, 4)).toEqual([
    'All faults',
    String(begun.length),
    String(seen.length),
    String(begun.length - seen.length),
  ]);
  const perDay = (judged.falseAlarms * 86_400_000) / judged.normalMs;
  expect(plainText(en)).toContain(
    `${perDay.toFixed(2)} a day for an asset, ${(3 * perDay).toFixed(2)} for all 3.`,
  );
  expect(plainText(en)).toContain('Judged on the test windows.');
});

test("a plant's own normal class and time zone are used, unless another class is named", async () => {
  const classes = ['AX1', 'BX1', 'CX1'];
  const plant = { timeZone: 'Asia/Kathmandu', normal: 'BX1' };
  const { fixture, facts, en, ja } = await setUp({ classes, plant });
  expect(facts.incidents).toMatchObject({ kind: 'judged', normal: 1 });
  expect(plainText(en)).toMatch(
    /between 2026-01-05 \d\d:[0-5][05] and 2026-01-\d\d \d\d:[0-5][05] \(times of Asia\/Kathmandu\)/,
  );
  expect(plainText(ja)).toContain('（Asia/Kathmandu の時刻）');
  // Its hours begin a quarter of an hour away from those of UTC.
  const begins = tableRows(en, 'Stretches of').map(([begin]) => begin);
  expect(begins.length).toBeGreaterThan(0);
  expect(begins.filter((begin) => !begin.endsWith(':00'))).toEqual([]);
  const named = collectRunFacts({ ...fixture, normal: 'AX1', timed: false });
  expect(named.incidents).toMatchObject({ kind: 'judged', normal: 0 });
});

test('assets are counted each on its own, the worst first', async () => {
  const { fixture, en } = await setUp();
  const { graph, split } = fixture;
  const { day } = answersOf(fixture);
  const rows = tableRows(en, 'All assets, worst first');
  const shares = HOSTILE_ASSETS.map((name, asset) => {
    const own = [...split.test.keys()].filter((i) => graph.places!.asset[split.test[i]] === asset);
    const right = own.filter((i) => day.classes[i] === graph.labels[split.test[i]]).length;
    return { name, nodes: own.length, share: right / own.length };
  }).sort((a, b) => a.share - b.share);
  expect(rows.map((row) => row.slice(0, 3))).toEqual(
    shares.map(({ name, nodes, share }) => [name, String(nodes), percent(share)]),
  );
});

test('a page says what it cannot know, and drops what does not apply', async () => {
  const plain = plainText((await setUp({ places: 'none' })).en);
  const has = (text: string) => plain.includes(text);
  expect(plain).toContain('This data has no times');
  expect(plain).toContain('This data names no assets');
  expect(plain).toMatch(/All figures were measured on \d+ test nodes whose/);
  expect(has('Worst stretches of time')).toBe(false);
  expect(has('faults noticed')).toBe(false);
  expect(found(plain, /windows (?!of a plant)/g)).toEqual([]);
  const unnamed = plainText((await setUp({ classes: ['AX1', 'BX1', '<CX1>'] })).en);
  expect(unnamed).toContain('No class of this data means that nothing is wrong');
  const scattered = plainText((await setUp({ places: 'scattered' })).en);
  expect(scattered).toContain('The test windows lie scattered in time');
  expect(scattered).toContain('windows of training included');
});

test('a certificate is told in words, with all that it promises; none is told too', async () => {
  const certified = plainText((await setUp({ certificate: CERTIFICATE })).en);
  expect(certified).toContain('With 90 % certainty, at most 2.0 % of the windows');
  expect(certified).toContain('at most 5.0 % of its windows');
  expect(certified).toContain('At most 30.0 % of the windows climb beyond stage 2');
  expect(certified).toContain('on 900 calibration windows');
  expect(certified).toContain('counts calibration windows as independent');
  const graph = plainText((await setUp({ certificate: CERTIFICATE, places: 'none' })).en);
  expect(graph).not.toContain('as independent');
  const without = plainText((await setUp()).en);
  expect(without).toContain('No promise is certified for the day policy');
  expect(without).toContain('may change by stopping early none');
});

test('warnings name a cascade that a plain MLP beats, rare classes and a setting that has seen', async () => {
  const { en } = await setUp({ perfectOthers: true, setting: 'tran' });
  const text = plainText(en);
  expect(text).toContain('is not better than a plain MLP on the same labels (100.0 %)');
  expect(text).toContain('Training saw the features of the test windows');
  expect(text).toContain('Rounding to eight bits costs 1.3 points');
});

/** What could make a browser ask for something, or run something. */
const DANGEROUS =
  /<(?:script|img|link|iframe|object|embed|form|base|use|image)\b|<[^>]*\s(?:src|srcset|action|data|poster|on\w+)=|@import|url\(|javascript:|href="[^#][^"]*"/gi;

const found = (html: string, pattern: RegExp) => html.match(pattern) ?? [];

test.each(VARIANTS)(
  '%s: names of the data stay text, and nothing asks a network',
  async (_, options) => {
    const { html, facts } = await setUp(options);
    expect(found(html, DANGEROUS)).toEqual([]);
    // The namespace of SVG is a name; the hostile asset is text.
    const rest = html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '');
    expect(found(rest, /[^=]https?:\S*/gi)).toEqual([]);
    expect(html.includes("default-src 'none'")).toBe(true);
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    const labels = [...html.matchAll(/aria-labelledby="([^"]*)"/g)].flatMap(([, list]) =>
      list.split(' '),
    );
    expect(labels.filter((id) => !ids.includes(id))).toEqual([]);
    const text = plainText(html);
    expect(facts.manifest.classes.filter((name) => !text.includes(name))).toEqual([]);
    const assets = options.places === 'none' ? [] : HOSTILE_ASSETS;
    expect(assets.filter((name) => !text.includes(name))).toEqual([]);
  },
);

test('the check for danger sees what it looks for', () => {
  for (const markup of ['<script>', '<img src="x">', '<a href="https://x">', '<p onclick="x">']) {
    expect(found(markup, DANGEROUS)).toHaveLength(1);
  }
});

/** Names of methods, units, commands and words of the configuration, the same in every language. */
const UNTRANSLATED =
  /MLP|GLNN|ECE|FLOPs|SHA-256 [0-9a-f]{64}|KiB|Dandan|dandan (?:report|train|certify)|--(?:normal|licence)|plant\.yaml|MIT|\b(?:tran|ind|public|additive)\b|2026-01-01T00:00:00Z|test-model|test-\d/g;

test.each(VARIANTS)('%s: the Japanese page is Japanese', async (_, options) => {
  const { ja, en, facts } = await setUp(options);
  const { classes } = facts.manifest;
  const names = [
    ...classes,
    ...HOSTILE_ASSETS,
    'history <of> a line',
    'press',
    facts.times?.processor ?? '',
  ];
  let text = plainText(ja);
  for (const name of names.sort((a, b) => b.length - a.length)) {
    if (name !== '') text = text.replaceAll(name.replaceAll(/\s+/g, ' '), '');
  }
  // Charts cut long names.
  text = text.replaceAll(/<script>alert\(1\)<?\/?\w*…|<img src=http\S*…/g, '');
  expect(text.replaceAll(UNTRANSLATED, '').match(/[A-Za-z]{3,}/g)).toBeNull();
  expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/);
  expect(plainText(en)).not.toMatch(/undefined|NaN|Infinity|\[object/);
  const headings = (markup: string) => markup.match(/<h[123]|<svg|<table|<li>/g);
  expect(headings(ja)).toEqual(headings(en));
});

test('the same facts give the same bytes, and the first language is shown', async () => {
  const { facts } = await setUp();
  const page = (order: readonly ('en' | 'ja')[]) =>
    toRunPage(order.map((language) => createRunReport(facts, language)));
  expect(page(['ja', 'en'])).toBe(page(['ja', 'en']));
  expect(page(['ja', 'en'])).toContain('<html lang="ja">');
  expect(page(['ja', 'en'])).toContain('id="show-ja" checked');
  expect(page(['en'])).not.toContain('type="radio"');
});

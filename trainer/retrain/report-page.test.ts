import { expect, test } from 'vitest';
import { toHtml } from '../report/to-html.ts';
import { compareAnswers } from './compare-answers.ts';
import { decide } from './decide.ts';
import type { MeasuredContender } from './measure-contenders.ts';
import { reportPage } from './report-page.ts';
import type { RetrainReport } from './retrain-report.ts';

const exit = { accuracy: 80, macsShare: 0.3, disagreement: 0.01 };
const contender = (sha256: string): MeasuredContender => ({
  sha256,
  version: '<1>',
  created: '2026-11-26T00:00:00Z',
  stages: [{ stage: 1, accuracy: 80, validation: 81, macs: 100, share: 1 }],
  bytes: 5000,
  exit,
  macs: 30,
  certified: true,
});

const rows = 100;
const comparison = compareAnswers({
  nodes: Int32Array.from({ length: rows }, (_, i) => i),
  labels: Int32Array.from({ length: rows }, (_, i) => i % 2),
  champion: Int32Array.from({ length: rows }, (_, i) => (i < 30 ? 1 - (i % 2) : i % 2)),
  challenger: Int32Array.from({ length: rows }, (_, i) => i % 2),
  classes: ['normal', '<leak & drip>'],
});

function reportOf(level: number): RetrainReport {
  const [champion, challenger] = [contender('a'.repeat(64)), contender('b'.repeat(64))];
  const rule = { rule: 'better', level, margin: 0.01, maxCost: 1.25 } as const;
  return {
    kind: 'dandan-retrain-report',
    schema: 1,
    model: 'line-3',
    champion,
    challenger,
    comparison,
    data: {
      name: 'line-3',
      sha256: 'c'.repeat(64),
      asChampion: false,
      split: 'public',
      trainingLabels: 12,
      heldOut: rows,
      hardCases: { sha256: '', given: 3, used: 1, heldOut: 1, unknownClasses: { 'new fault': 1 } },
    },
    warmStart: true,
    decision: decide({ comparison, champion, challenger, rule }),
    created: '2026-11-26T00:00:00Z',
    codeVersion: '0',
  };
}

test('reportPage() says on top what became of the night, and escapes what people named', () => {
  const html = toHtml(reportPage(reportOf(0.01)));
  expect(html).toContain('<h1>line-3: a better model is ready</h1>');
  expect(html).toContain('70.0 % → 100.0 % of 100 held-out rows right');
  expect(html).toContain('&lt;leak &amp; drip&gt;');
  expect(html).not.toContain('<leak');
  expect(html).toContain('3 labelled, 1 learnt from, 1 left out');
  expect(html).toContain('Labelled &#39;new fault&#39;, which is no class of the data: 1.');
  expect(html).toContain('the comparison favours the champion');
});

test('reportPage() marks the check that kept the champion', () => {
  const page = reportPage(reportOf(1e-12));
  expect(page.title).toBe('line-3: the model in use stays');
  const list = page.blocks.find((block) => block.kind === 'list');
  expect(list?.items.filter((item) => item.startsWith('✗'))).toHaveLength(1);
  expect(list?.items.find((item) => item.startsWith('✗'))).toContain('Accuracy');
});

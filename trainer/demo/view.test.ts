import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createDemoView, type DemoState, renderDemo } from './view.ts';

const STATE: DemoState = {
  counts: {
    samples: 12_000,
    messages: 3_000,
    rows: 400,
    byStage: [240, 40, 20],
    byTier: { gateway: 240, edge: 60 },
    accuracy: 87.654,
    escalations: 70,
    bytesUp: 4096,
    lost: 100,
    duplicated: 1,
    degraded: 3,
  },
  rate: 1999.6,
  share: 0.5,
  teacher: 90.1,
  mlp: 71.25,
  gatewayStages: 1,
};

const plain = (state: DemoState) => renderDemo(state).map(stripVTControlCharacters);

test('renderDemo() shows telemetry, answers by stage and tier, accuracy and escalations', () => {
  const [, telemetry, answered, first, second, third, accuracy, escalated, rest] = plain(STATE);
  expect(telemetry).toMatch(/12,000 samples .* 2,000 a second in 500 messages$/);
  expect(telemetry.match(/█/g)).toHaveLength(15);
  expect(answered).toMatch(/300 rows .* of 400 due$/);
  expect(first).toMatch(/gateway stage 1 +240 rows .* 80\.0 %$/);
  expect(second).toMatch(/edge +stage 2 +40 rows .* 13\.3 %$/);
  expect(third).toMatch(/edge +stage 3 +20 rows .* 6\.7 %$/);
  expect(accuracy).toMatch(/87\.7 % .* teacher 90\.1 %, plain MLP 71\.3 %/);
  expect(escalated).toMatch(/70 rows +4,096 bytes up$/);
  expect(rest).toContain('waiting 100   duplicated 1   degraded 3');
});

test('renderDemo() before the first answer shows no NaN', () => {
  const { counts } = STATE;
  const none = { ...counts, rows: 0, lost: 0, byStage: [0, 0, 0], accuracy: Number.NaN };
  const text = plain({ ...STATE, counts: none, rate: 0, share: 0 }).join('\n');
  expect(text).not.toContain('NaN');
  expect(text).toContain('–');
});

/** A stream that keeps what is written; the view uses no more of a stream than this. */
function fakeStream(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, columns: 120, write: (text: string) => written.push(text) };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

test('createDemoView() redraws its block in place on a terminal, not too often', () => {
  const { written, stream } = fakeStream(true);
  const view = createDemoView(stream);
  view.draw(STATE);
  view.draw(STATE);
  expect(written).toHaveLength(1);
  expect(written[0]).not.toContain('\u001b[9A');
  view.finish(STATE);
  expect(written, 'the last picture is drawn at once').toHaveLength(2);
  expect(written[1], 'in place of the one before').toContain('\u001b[9A');
});

test('createDemoView() writes a line for logs', () => {
  const { written, stream } = fakeStream(false);
  createDemoView(stream).draw(STATE);
  expect(written).toEqual([
    '50 % of the day, 12000 samples (2000 a second), 300 of 400 rows answered, accuracy 87.7 %\n',
  ]);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createProgressView } from './progress-view.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function view({ isTTY }: { isTTY: boolean }) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  const progress = createProgressView({
    isTTY,
    columns: 80,
    write,
  } as unknown as NodeJS.WriteStream);
  return { progress, written };
}

test('createProgressView() writes one line per finished phase where there is no terminal', () => {
  const { progress, written } = view({ isTTY: false });
  progress.phase({ number: 1, total: 7, name: 'GCN teacher' });
  vi.advanceTimersByTime(1500);
  progress.done({ name: 'GCN teacher', validationAccuracy: 0.75, restored: false });
  progress.phase({ number: 2, total: 7, name: 'plain MLP' });
  progress.done({ name: 'plain MLP', restored: true });
  expect(written).toEqual([
    expect.stringMatching(/GCN teacher {2}validation 75\.0 % {2}.*1\.5 s/),
    expect.stringMatching(/plain MLP {2}.*restored from the checkpoint/),
  ]);
});

test('createProgressView() names the parts of a phase and times them together', () => {
  const { progress, written } = view({ isTTY: true });
  for (const part of ['GCN, 1 of 2 teachers', 'GAT, 2 of 2 teachers']) {
    progress.phase({ number: 1, total: 7, name: part });
    vi.advanceTimersByTime(1000);
  }
  progress.done({ name: 'ensemble of teachers', restored: false });
  const text = written.join('');
  expect(text).toContain('[1/7] GCN, 1 of 2 teachers');
  expect(text).toContain('[1/7] GAT, 2 of 2 teachers');
  expect(written.at(-1)).toContain('2.0 s');
});

import { expect, test } from 'vitest';
import { adamCorrections, type Feeds, type Session } from '../autodiff/index.ts';
import { type EpochReport, type FitOptions, fit, type Validation } from './fit.ts';

/** A session that counts: after epoch t the one weight is t, and the loss is 1 / t. */
function countingSession(feedsSeen: Feeds[] = [], loss = (epoch: number) => 1 / epoch): Session {
  let epoch = 0;
  return {
    async write({ w }) {
      epoch = w[0];
    },
    async read(names) {
      return Object.fromEntries(names.map((name) => [name, Float32Array.of(epoch)]));
    },
    async run(_entry, steps = []) {
      return steps.map((feeds) => {
        feedsSeen.push(feeds);
        epoch++;
        return { loss: Float32Array.of(loss(epoch)) };
      });
    },
    async release() {},
  };
}

/**
 * Validation losses of epochs 0, 1, 2, …; epoch 0 is the weights that training starts from.
 * Accuracy grows with every epoch: it must not decide anything.
 */
function options(losses: readonly number[], more: Partial<FitOptions> = {}) {
  const session = more.session ?? countingSession();
  const validate = async (): Promise<Validation> => {
    const { w } = await session.read(['w']);
    return { loss: losses[w[0]], accuracy: w[0] / 10 };
  };
  return {
    weights: { w: Float32Array.of(0) },
    feeds: () => ({}),
    validate,
    maxEpochs: losses.length - 1,
    patience: 1000,
    ...more,
    session,
  } satisfies FitOptions;
}

test('fit() stops after patience epochs without a lower loss and returns the best weights', async () => {
  const result = await fit(options([0.9, 0.5, 0.2, 0.3, 0.4, 0.3, 0.1], { patience: 3 }));
  expect(result.epochs).toBe(5);
  expect(result.best).toEqual({ accuracy: 0.2, loss: 0.2 });
  expect([...result.weights.w]).toEqual([2]);
});

test('fit() counts patience from the latest improvement', async () => {
  const result = await fit(options([0.9, 0.5, 0.6, 0.4, 0.5, 0.3, 0.8], { patience: 2 }));
  expect(result.epochs).toBe(6);
  expect([...result.weights.w]).toEqual([5]);
});

test('fit() validates and returns running means, and steps from the weights themselves', async () => {
  const validated: number[] = [];
  const session = countingSession();
  const seen = options([0, 0, 0, 0, 0]);
  const result = await fit({
    ...seen,
    session,
    averaging: 0.5,
    async validate() {
      const { w } = await session.read(['w']);
      validated.push(w[0]);
      return { loss: 1 - w[0], accuracy: 0 };
    },
  });
  // The session counts 1, 2, 3, 4 whatever was validated; means start anew after epoch 0.
  expect(validated).toEqual([0, 1, 1.5, 2.25, 3.125]);
  expect([...result.weights.w]).toEqual([3.125]);
});

test('fit() runs maxEpochs while patience lasts', async () => {
  const result = await fit(options([0.9, 0.8, 0.85, 0.7]));
  expect(result.epochs).toBe(3);
  expect([...result.weights.w]).toEqual([3]);
});

test('fit() keeps the earlier of equal losses', async () => {
  const result = await fit(options([0.9, 0.5, 0.4, 0.4, 0.6]));
  expect([...result.weights.w]).toEqual([2]);
});

test('fit() returns the weights it was given when no epoch beats them', async () => {
  const result = await fit(options([0.1, 0.5, 0.4, 0.3], { patience: 2 }));
  expect(result.epochs).toBe(2);
  expect([...result.weights.w]).toEqual([0]);
  expect(result.best).toEqual({ accuracy: 0, loss: 0.1 });
});

test('fit() feeds the bias corrections of Adam and what a step needs', async () => {
  const seen: Feeds[] = [];
  let calls = 0;
  const feeds = () => ({ mask: Float32Array.of(++calls) });
  await fit(options([0.4, 0.3, 0.2, 0.1], { session: countingSession(seen), feeds }));
  expect(seen.map(({ mask }) => mask[0])).toEqual([1, 2, 3]);
  // 1 − 0.9³ and 1 − 0.999³.
  expect(seen[2]).toMatchObject(adamCorrections(3));
  const [first, second] = Object.values(adamCorrections(3));
  expect(first[0]).toBeCloseTo(0.271, 6);
  expect(second[0]).toBeCloseTo(0.002997001, 8);
});

test('fit() takes several steps between validations where an engine asks for it', async () => {
  const seen: Feeds[] = [];
  const reports: EpochReport[] = [];
  const result = await fit(
    options([0.9, 0.8, 0.7, 0.1, 0.6, 0.5, 0.4, 0.3], {
      session: countingSession(seen),
      stepsPerRun: 3,
      onEpoch: (report) => reports.push(report),
    }),
  );
  expect(reports.map(({ epoch }) => epoch)).toEqual([3, 6, 7]);
  expect([...result.weights.w]).toEqual([3]);
  expect(seen).toHaveLength(7);
  expect(seen[6]).toMatchObject(adamCorrections(7));
});

test('fit() names the epoch at which training diverges', async () => {
  const session = countingSession([], (epoch) => (epoch === 3 ? Number.NaN : 1));
  const run = fit(options([0.5, 0.4, 0.3, 0.2, 0.1], { session }));
  await expect(run).rejects.toThrow('the loss of epoch 3 is NaN');
  await expect(run).rejects.toMatchObject({ code: 'training-diverged' });
});

test('fit() stops between epochs when aborted, with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const seen: Feeds[] = [];
  const onEpoch = ({ epoch }: EpochReport) => {
    if (epoch === 2) controller.abort(reason);
  };
  const { signal } = controller;
  const run = fit(
    options([0.5, 0.4, 0.3, 0.2, 0.1], { session: countingSession(seen), onEpoch, signal }),
  );
  await expect(run).rejects.toBe(reason);
  expect(seen).toHaveLength(2);
});

test('fit() reports every epoch with losses, accuracies and time left', async () => {
  const reports: EpochReport[] = [];
  const losses: number[] = [];
  await fit(
    options([0.9, 0.5, 0.6, 0.4], {
      onEpoch: (report) => reports.push(report),
      onStep: ({ loss }) => losses.push(loss[0]),
    }),
  );
  expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  expect(reports.map(({ loss }) => loss)).toEqual([0.5, 0.6, 0.4]);
  expect(reports.map(({ accuracy }) => accuracy)).toEqual([0.1, 0.2, 0.3]);
  expect(reports.map(({ bestAccuracy }) => bestAccuracy)).toEqual([0.1, 0.1, 0.3]);
  const third = Math.fround(1 / 3);
  expect(reports.map(({ trainingLoss }) => trainingLoss)).toEqual([1, 0.5, third]);
  expect(losses).toEqual([1, 0.5, third]);
  expect(reports.every(({ maxEpochs }) => maxEpochs === 3)).toBe(true);
  expect(reports[0].secondsLeft).toBeGreaterThan(0);
  expect(reports[2].secondsLeft).toBe(0);
});

// What every engine must do alike: one suite over the WebAssembly engine and over the ONNX graphs
// that CUDA runs, on onnxruntime's CPU provider and, where there is a GPU, on CUDA.
import { afterEach, describe, expect, test } from 'vitest';
import { coupledProgram } from '../testing/coupled-program.ts';
import { expectClose } from '../testing/expect-close.ts';
import { PRIMITIVE_CASES, PRIMITIVE_FEEDS, weighted } from '../testing/primitive-cases.ts';
import { smallGcn } from '../testing/small-gcn.ts';
import { add, input } from './build.ts';
import { chooseEngine } from './device/choose-engine.ts';
import type { Expression } from './expression.ts';
import { gradients } from './gradients.ts';
import { createOnnxSession } from './onnx/onnx-session.ts';
import type { Feeds, Program, Session } from './program.ts';
import { evaluate, type ReferenceFeeds } from './reference.ts';
import { createWasmSession } from './wasm/wasm-session.ts';

const { runsOn, engine } = await chooseEngine({ device: 'auto' });

/** Every implementation of `Session`. */
const ENGINES: Readonly<Record<string, (program: Program) => Promise<Session>>> = {
  WebAssembly: async (program) => createWasmSession(program),
  'onnxruntime on the CPU': (program) => createOnnxSession(program, { provider: 'cpu' }),
  ...(runsOn === 'cuda' && { 'onnxruntime on CUDA': engine.createSession }),
};

/** What is fed to an engine, and the same rounded values for the float64 reference. */
function bothFeeds(feeds: ReferenceFeeds): { single: Feeds; double: ReferenceFeeds } {
  const map = <T>(convert: (values: Float64Array) => T) =>
    Object.fromEntries(
      Object.entries(feeds).map(([name, values]) => [
        name,
        values instanceof Float64Array ? convert(values) : values,
      ]),
    );
  return {
    single: map((values) => Float32Array.from(values)),
    double: map((values) => Float64Array.from(values, Math.fround)),
  };
}

const coupledSteps = [1, 2, 3, 4, 5].map((k) => ({ fed: Float32Array.of(k, -k) }));

async function startCoupled(session: Session): Promise<void> {
  await session.write({
    x: Float32Array.of(1, 10),
    y: Float32Array.of(2, 20),
    kept: Float32Array.of(3, -1),
  });
}

async function trainSmallGcn(create: (program: Program) => Promise<Session>, at = 60) {
  const { program, initial, steps } = smallGcn();
  const session = await create(program);
  await session.write(initial);
  const losses: number[] = [];
  for (let from = 0; from < steps.length; from += at) {
    for (const { loss } of await session.run('step', steps.slice(from, from + at))) {
      losses.push(loss[0]);
    }
  }
  const weights = await session.read(['w0', 'w1', 'bias']);
  await session.release();
  return { losses, weights };
}

describe.each(Object.entries(ENGINES))('%s', (_, create) => {
  const open: Session[] = [];
  const started = async (program: Program) => {
    const session = await create(program);
    open.push(session);
    return session;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((session) => session.release()));
  });

  for (const [name, { root, by }] of Object.entries(PRIMITIVE_CASES)) {
    test(`run() computes ${name} and its gradients like the reference`, async () => {
      const loss = weighted(root);
      const outputs: Record<string, Expression> = { root, loss };
      gradients(loss, by).forEach((gradient, index) => {
        outputs[`d${by[index].name}`] = gradient;
      });
      const session = await started({ state: [], entries: { main: { outputs } } });
      const { single, double } = bothFeeds(PRIMITIVE_FEEDS);
      const [results] = await session.run('main', [single]);
      for (const [key, expression] of Object.entries(outputs)) {
        expectClose(results[key], evaluate(expression, double), 2e-5);
      }
    });

    test(`run() computes ${name} within steps that update state`, async () => {
      const sum = input('sum', root.shape);
      const session = await started({
        state: [sum],
        entries: { main: { outputs: { root }, updates: { sum: add(sum, root) } } },
      });
      const { single, double } = bothFeeds(PRIMITIVE_FEEDS);
      const results = await session.run('main', [single, single]);
      const expected = evaluate(root, double);
      expectClose(results[1].root, expected, 2e-5);
      expectClose(
        (await session.read(['sum'])).sum,
        expected.map((value) => 2 * value),
        2e-5,
      );
    });
  }

  test('run() computes all updates from the state before the step', async () => {
    const session = await started(coupledProgram());
    await startCoupled(session);
    const results = await session.run('step', coupledSteps.slice(0, 2));
    expect(results.map(({ total }) => [...total])).toEqual([[-7], [0.5]]);
    expect(results.map(({ fed }) => [...fed])).toEqual([
      [1, -1],
      [2, -2],
    ]);
    expect(await session.read(['x', 'y', 'kept'])).toEqual({
      x: Float32Array.of(2.75, 0),
      y: Float32Array.of(4.5, 34),
      kept: Float32Array.of(3, -1),
    });
    const [{ difference }] = await session.run('look');
    expect([...difference]).toEqual([1.75, 34]);
  });

  test('run() of n steps equals n runs of one', async () => {
    const together = await started(coupledProgram());
    await startCoupled(together);
    const results = await together.run('step', coupledSteps);
    const apart = await started(coupledProgram());
    await startCoupled(apart);
    for (const [index, step] of coupledSteps.entries()) {
      expect(await apart.run('step', [step])).toEqual([results[index]]);
    }
    const names = ['x', 'y', 'kept'];
    expect(await apart.read(names)).toEqual(await together.read(names));
  });

  test('run() of no steps changes nothing', async () => {
    const session = await started(coupledProgram());
    await startCoupled(session);
    expect(await session.run('step', [])).toEqual([]);
    expect((await session.read(['x'])).x).toEqual(Float32Array.of(1, 10));
  });

  test('run() looks at the state once per element of steps when it updates nothing', async () => {
    const session = await started(coupledProgram());
    await startCoupled(session);
    const results = await session.run('look', [{}, {}]);
    expect(results.map(({ difference }) => [...difference])).toEqual([
      [1, 10],
      [1, 10],
    ]);
  });

  test('state is zero until it is written, and keeps what write() does not name', async () => {
    const session = await started(coupledProgram());
    await session.write({ x: Float32Array.of(5, 6) });
    await session.write({ kept: Float32Array.of(7, 8) });
    expect(await session.read(['x', 'y', 'kept'])).toEqual({
      x: Float32Array.of(5, 6),
      y: Float32Array.of(0, 0),
      kept: Float32Array.of(7, 8),
    });
  });

  test('write() and read() copy', async () => {
    const session = await started(coupledProgram());
    const x = Float32Array.of(1, 2);
    await session.write({ x });
    x[0] = 9;
    const read = (await session.read(['x'])).x;
    read[1] = 9;
    expect((await session.read(['x'])).x).toEqual(Float32Array.of(1, 2));
  });

  test('results stay what they were after later runs', async () => {
    const session = await started(coupledProgram());
    await startCoupled(session);
    const [first] = await session.run('step', [coupledSteps[0]]);
    const before = first.total[0];
    await session.run('step', coupledSteps);
    expect(first.total[0]).toBe(before);
  });

  test('run() names a missing feed, of a later step too', async () => {
    const session = await started(coupledProgram());
    await expect(session.run('step')).rejects.toThrow("Input 'fed' was not fed");
    await expect(session.run('step', [coupledSteps[0], {}])).rejects.toThrow("'fed' was not fed");
  });

  test('run() names a feed of the wrong size', async () => {
    const session = await started(coupledProgram());
    const fed = Float32Array.of(1, 2, 3);
    await expect(session.run('step', [{ fed }])).rejects.toThrow("'fed' has 3 entries, not 2");
  });

  test('unknown entries and states are named', async () => {
    const session = await started(coupledProgram());
    await expect(session.run('walk')).rejects.toThrow("There is no entry 'walk'");
    await expect(session.read(['z'])).rejects.toThrow("There is no state 'z'");
  });

  test('Adam steps of a GCN with dropout train, the same in one run and in many', async () => {
    const together = await trainSmallGcn(create);
    expect(together.losses[0] / together.losses[59]).toBeGreaterThan(1.5);
    expect(await trainSmallGcn(create)).toEqual(together);
    const apart = await trainSmallGcn(create, 7);
    expect(apart.losses).toEqual(together.losses);
    expect(apart.weights).toEqual(together.weights);
  });
});

test('all engines train a GCN with dropout to the same losses and weights', async () => {
  const [first, ...others] = await Promise.all(
    Object.values(ENGINES).map((create) => trainSmallGcn(create)),
  );
  for (const other of others) {
    other.losses.forEach((loss, t) => {
      expect(Math.abs(loss - first.losses[t])).toBeLessThan(1e-4);
    });
    for (const [name, weights] of Object.entries(first.weights)) {
      expectClose(other.weights[name], weights, 1e-3);
    }
  }
});

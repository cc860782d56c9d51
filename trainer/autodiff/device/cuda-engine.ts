// The engine that trains on a CUDA device through onnxruntime.
import { add, input, scalar } from '../build.ts';
import { createOnnxSession } from '../onnx/onnx-session.ts';
import type { Engine } from '../session.ts';

/**
 * Steps between two looks at the validation nodes. A run copies the state to the device and back:
 * 5 MB each way for 64 units on the 6,805 columns of CS. Ten steps make that a tenth a step, and
 * early stopping misses the best epoch by nine at most. Not measured on a GPU.
 */
const STEPS_PER_RUN = 10;

export const cudaEngine: Engine = {
  createSession: (program) => createOnnxSession(program, { provider: 'cuda' }),
  stepsPerRun: STEPS_PER_RUN,
};

/**
 * Runs two steps of the smallest program on an engine.
 *
 * @throws {Error} what keeps it from computing: a missing library, driver or device.
 */
export async function tryEngine(engine: Engine): Promise<void> {
  const x = input('x', [1, 1]);
  const session = await engine.createSession({
    state: [x],
    entries: { main: { outputs: {}, updates: { x: add(x, scalar(1)) } } },
  });
  try {
    await session.run('main', [{}, {}]);
    const [value] = (await session.read(['x'])).x;
    if (value !== 2) throw new Error(`two steps of x + 1 gave ${value}`);
  } finally {
    await session.release();
  }
}

// Engines make sessions of programs; the default one runs on the CPU.
import type { Expression } from './expression.ts';
import type { Feeds, Program, Results, Session } from './program.ts';
import { createWasmSession } from './wasm/wasm-session.ts';

export interface Engine {
  createSession(program: Program): Promise<Session>;
  /** Steps to ask for at once: 1 where a step costs nothing to start, more where state must travel. */
  readonly stepsPerRun: number;
}

/** @param threads of the large strips of a program; results do not depend on their number. @default {1} */
export function cpuEngine({ threads = 1 } = {}): Engine {
  return {
    createSession: async (program) => createWasmSession(program, { threads }),
    stepsPerRun: 1,
  };
}

/** Evaluates expressions once, without state. @throws {Error} when an input is not in `feeds`. */
export async function evaluateOnce(
  outputs: Readonly<Record<string, Expression>>,
  feeds: Feeds,
  engine: Engine = cpuEngine(),
): Promise<Results> {
  const session = await engine.createSession({ state: [], entries: { main: { outputs } } });
  try {
    const [results] = await session.run('main', [feeds]);
    return results;
  } finally {
    await session.release();
  }
}

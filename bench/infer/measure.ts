// Microseconds a call, all sides in turns.
import type { Contestant } from './contestants/contestant.ts';

/** Long enough for clocks and for an engine's second compiler. */
const WARM_UP_MS = 150;
const SAMPLE_MS = 60;

/** Awaits only what is a promise: an await alone costs a tenth of the smallest case. */
async function repeat({ run }: Contestant, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
}

async function timed(contestant: Contestant, times: number): Promise<number> {
  const started = performance.now();
  await repeat(contestant, times);
  return performance.now() - started;
}

/** Calls that fill a sample. */
async function warmUp(contestant: Contestant): Promise<number> {
  let calls = 1;
  let total = 0;
  for (;;) {
    const elapsed = await timed(contestant, calls);
    total += elapsed;
    if (total > WARM_UP_MS && elapsed > SAMPLE_MS / 4) {
      return Math.max(1, Math.round((calls * SAMPLE_MS) / elapsed));
    }
    if (elapsed < SAMPLE_MS / 2) calls *= 2;
  }
}

/** Samples of µs a call, by contestant's name. */
export async function measureInTurns(
  contestants: readonly Contestant[],
  rounds: number,
  signal: AbortSignal,
): Promise<Map<string, number[]>> {
  const samples = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const calls: number[] = [];
  for (const contestant of contestants) calls.push(await warmUp(contestant));
  for (let round = 0; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      signal.throwIfAborted();
      const elapsed = await timed(contestant, calls[index]);
      samples.get(contestant.name)?.push((1000 * elapsed) / calls[index]);
    }
  }
  return samples;
}

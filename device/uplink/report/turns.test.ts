import { expect, test, vi } from 'vitest';
import { createBackoff } from '../../retry/index.ts';
import type { PostOutcome } from './edge-post.ts';
import { createTurns, type Turn } from './turns.ts';

const TAKEN: PostOutcome = { kind: 'taken', json: undefined };
const away = (retryAfterMs = 0): PostOutcome => ({
  kind: 'unavailable',
  reason: 'ECONNREFUSED',
  retryAfterMs,
});

function setUp(turns: (Partial<Turn> & { name: string })[], busy = () => false) {
  const world = { time: 0, answer: TAKEN as PostOutcome };
  const ran: string[] = [];
  const made = createTurns({
    turns: turns.map(({ name, ...turn }) => ({
      name,
      intervalMs: 1000,
      run: async () => {
        ran.push(`${name} ${world.time}`);
        return world.answer;
      },
      ...turn,
    })),
    backoff: createBackoff({ minMs: 100, maxMs: 400, random: () => 1 }),
    isBusy: busy,
    onOutcome: () => {},
    random: () => 0.5,
    steady: () => world.time,
  });
  async function passTo(time: number) {
    for (let next = made.nextAt(); next <= time; next = made.nextAt()) {
      world.time = Math.max(world.time, next);
      await made.runDue();
    }
    world.time = time;
  }
  return { made, world, ran, passTo };
}

test('each turn comes at its interval, the first within a tenth of it', async () => {
  const { ran, passTo } = setUp([{ name: 'a' }, { name: 'b', intervalMs: 3000 }]);
  await passTo(3200);
  expect(ran).toEqual(['a 50', 'b 150', 'a 1050', 'a 2050', 'a 3050', 'b 3150']);
});

test('while the edge is away all turns wait, longer each time, then go on', async () => {
  const { world, ran, passTo } = setUp([{ name: 'a' }, { name: 'b' }]);
  world.answer = away();
  await passTo(2000);
  expect(ran).toEqual(['a 50', 'a 150', 'a 350', 'a 750', 'a 1150', 'a 1550', 'a 1950']);
  world.answer = TAKEN;
  await passTo(2500);
  expect(ran.slice(7)).toEqual(['a 2350', 'b 2350']);
});

test('Retry-After is obeyed, but not for days', async () => {
  const { world, ran, passTo } = setUp([{ name: 'a' }]);
  world.answer = away(86_400_000);
  await passTo(600_050);
  expect(ran).toEqual(['a 50', 'a 600050']);
});

test('escalations go first; what must not starve waits half a minute, the patient longer', async () => {
  let busy = true;
  const { ran, passTo } = setUp([{ name: 'a' }, { name: 'p', patient: true }], () => busy);
  await passTo(29_000);
  expect(ran).toEqual([]);
  await passTo(31_000);
  expect(ran).toEqual(['a 30050']);
  busy = false;
  await passTo(31_600);
  expect(ran[1]).toMatch(/^p/);
});

test('hasten() makes a turn due now, but opens no closed edge', async () => {
  const { made, world, ran, passTo } = setUp([{ name: 'a', intervalMs: 60_000 }]);
  await passTo(4000);
  made.hasten('a');
  made.hasten('nobody');
  await passTo(4000);
  expect(ran).toEqual(['a 3000', 'a 4000']);
  world.answer = away();
  made.hasten('a');
  await passTo(4000);
  made.hasten('a');
  await passTo(4050);
  expect(ran).toHaveLength(3);
});

test('one request at a time, whoever asks', async () => {
  let [now, most] = [0, 0];
  const gates: (() => void)[] = [];
  const run = async () => {
    most = Math.max(most, ++now);
    await new Promise<void>((resolve) => gates.push(resolve));
    now--;
    return TAKEN;
  };
  const { made, world } = setUp([
    { name: 'a', run },
    { name: 'b', run },
  ]);
  world.time = 100;
  const rounds = [made.runDue(), made.runDue(), made.runDue()];
  while (gates.length > 0) {
    gates.shift()?.();
    await new Promise(setImmediate);
  }
  await Promise.all(rounds);
  expect(most).toBe(1);
});

test('a turn that throws costs a report, and is tried again', async () => {
  let calls = 0;
  let time = 0;
  const outcomes: PostOutcome[] = [];
  const turns = createTurns({
    turns: [
      {
        name: 'a',
        intervalMs: 1000,
        run: async () => {
          if (calls++ === 0) throw new TypeError('broken');
          return TAKEN;
        },
      },
    ],
    backoff: createBackoff({ minMs: 1, maxMs: 1 }),
    isBusy: () => false,
    onOutcome: (_, outcome) => outcomes.push(outcome),
    steady: () => time,
  });
  for (time of [1000, 2000]) await turns.runDue();
  expect(outcomes).toMatchObject([{ reason: 'TypeError: broken' }, { kind: 'taken' }]);
});

test('start() runs by itself; stop() ends the request under way and leaves no timer', async () => {
  vi.useFakeTimers();
  try {
    const signals: AbortSignal[] = [];
    const turns = createTurns({
      turns: [
        {
          name: 'a',
          intervalMs: 1000,
          run: (signal) =>
            new Promise((_, reject) => {
              signals.push(signal);
              signal.addEventListener('abort', () => reject(signal.reason));
            }),
        },
      ],
      backoff: createBackoff({ minMs: 1, maxMs: 1 }),
      isBusy: () => false,
      onOutcome: () => {},
    });
    turns.start();
    await vi.advanceTimersByTimeAsync(200);
    expect(signals).toHaveLength(1);
    await turns.stop();
    expect(signals[0].aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

import { expect, test } from 'vitest';
import { signRelease, VERSIONS } from './testing/releases.ts';
import { atRest, createWorld } from './testing/world.ts';

const [one, two] = VERSIONS;

test('the first release is fetched, verified, served and proved', async () => {
  const world = createWorld();
  const updater = await world.boot();
  expect(updater.report()).toMatchObject([{ phase: 'init', running: null, highest: 0 }]);
  expect(updater.heartbeat()).toEqual([]);
  const envelope = await signRelease({ release: 1, bundle: one });
  world.offer = { envelope, serve: one.sha256 };
  expect(await updater.check()).toEqual([
    { model: 'press', channel: 'stable', kind: 'offered', release: 1, bundle: one.sha256 },
  ]);
  await world.until(updater, atRest(one.sha256));
  expect(world.served).toEqual([one.sha256]);
  expect(updater.heartbeat()).toEqual([
    {
      model: 'press',
      channel: 'stable',
      release: 1,
      bundle: one.sha256,
      state: 'running',
      reason: '',
      rows: 0,
      errors: 0,
    },
  ]);
  await updater.stop();
});

/** A gateway on which release 1 has proved itself. */
async function settledOn(first = one) {
  const world = createWorld();
  const updater = await world.boot();
  world.offer = {
    envelope: await signRelease({ release: 1, bundle: first }),
    serve: first.sha256,
  };
  await updater.check();
  await world.until(updater, atRest(first.sha256));
  return { world, updater };
}

test('the next release runs beside the first, takes over, and leaves it to go back to', async () => {
  const { world, updater } = await settledOn();
  world.offer = {
    envelope: await signRelease({ release: 2, bundle: two, fallback: one }),
    serve: two.sha256,
  };
  await updater.check();
  const report = await world.until(updater, atRest(two.sha256));
  expect(report).toMatchObject({
    lastGood: { release: 1, bundle: one.sha256 },
    highest: 2,
    failure: null,
  });
  const states = world.log.flatMap(({ event, state }) => (event === 'update-state' ? [state] : []));
  expect(states.slice(-5)).toEqual(['download', 'verify', 'canary', 'commit', 'init']);
  await updater.stop();
});

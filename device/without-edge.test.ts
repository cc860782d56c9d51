// A gateway that runs every stage itself: a pilot beside a line, a plant without an edge.
import { afterEach, expect, test } from 'vitest';
import { startAedes } from './testing/aedes.ts';
import { skipMosquitto, startMosquitto } from './testing/mosquitto.ts';
import { type Plant, startPlant } from './testing/plant.ts';
import { poll } from './testing/poll.ts';
import { createMessages, expectedPredictions } from './testing/telemetry.ts';

const plants: Plant[] = [];

afterEach(async () => {
  await Promise.all(plants.splice(0).map((plant) => plant.dispose()));
});

async function create(): Promise<Plant> {
  const plant = await startPlant({
    startBroker: () => (skipMosquitto ? startAedes() : startMosquitto()),
    config: {
      edge: { via: 'none' },
      models: [{ file: 'model.safetensors', stages: 'all' }],
      // As by default: it has nobody to report to.
      edgeReport: {},
    },
  });
  plants.push(plant);
  return plant;
}

test('without an edge the gateway answers every row by itself and asks nobody', async () => {
  const plant = await create();
  const gateway = await plant.start();
  const messages = createMessages({ spec: plant.spec, count: 60 });
  await plant.probe.send(messages);
  const stages = plant.made.bundle.manifest.stages.length;
  const expected = expectedPredictions(plant.made, plant.spec, messages, stages);
  await poll('a prediction for every row', () => plant.probe.last().size >= expected.size);
  expect(plant.probe.last()).toEqual(expected);
  expect(new Set([...expected.values()].map(({ stage }) => stage)).size).toBeGreaterThan(1);
  const final = await plant.stop(gateway);
  expect(final).toMatchObject({ rows: expected.size, escalated: 0, requests: 0, pending: 0 });
  expect(final.byStage).toHaveLength(stages);
  expect(plant.edge.seen).toEqual([]);
});

test('check asks for no edge where there is none', async () => {
  const plant = await create();
  const check = plant.spawn('check', '--config', plant.configFile, '--json');
  expect(await check.exit, check.err()).toBe(0);
  const last = JSON.parse(check.out().trim().split('\n').at(-1) ?? '');
  const names = last.checks.map(({ name }: { name: string }) => name);
  expect(names).toContain('clock');
  expect(names).not.toContain('edge');
});

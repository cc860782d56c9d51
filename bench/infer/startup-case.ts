// Milliseconds from nothing to a first answer: what a cold start of a Worker or a gateway waits.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTestBundle } from '@dandan/shared/testing';
import { summarise } from '../figures.ts';
import { int8Model } from './contestants/onnx-models.ts';
import type { InferCase } from './infer-case.ts';
import { createNetwork } from './network.ts';
import { buildOurs } from './our-script.ts';
import { PEERS_FOLDER } from './peers/install.ts';

const WORKER = fileURLToPath(new URL('./workers/start-up.ts', import.meta.url));
const TRAINER = fileURLToPath(new URL('../../trainer/package.json', import.meta.url));
const REPETITIONS = 7;

const run = promisify(execFile);

export const startUpCase: InferCase = {
  name: 'start-up',
  summary: 'a fresh process from import to the first answer of a 128-128-40 network, ms',
  optIn: false,
  async run({ peers, withPeers, repetitions = REPETITIONS, signal, line }) {
    const folder = await mkdtemp(join(tmpdir(), 'dandan-start-up-'));
    try {
      const bundle = join(folder, 'bundle.safetensors');
      const model = join(folder, 'model.onnx');
      const { bytes } = await createTestBundle({ units: [128], width: 128, classes: 40 });
      await writeFile(bundle, bytes);
      await writeFile(model, int8Model(createNetwork(128, 128, 40, 128)));
      const manifest = join(PEERS_FOLDER, 'package.json');
      const script = join(folder, 'ours.mjs');
      await writeFile(script, await buildOurs());
      const sides: [string, string[]][] = [['ours', [bundle, script]]];
      if (withPeers) sides.push(['ort-node-int8', [model, TRAINER]]);
      if (peers.kind === 'present') {
        sides.push(['ort-web-int8', [model, manifest]], ['tfjs-wasm', [model, manifest]]);
      }
      const samples: Record<string, number[]> = {};
      for (let repetition = 0; repetition < repetitions; repetition++) {
        for (const [side, words] of sides) {
          const { stdout } = await run(process.execPath, [WORKER, side, ...words], { signal });
          samples[side] ??= [];
          samples[side].push(Number(stdout.trim().split('\n').at(-1)));
        }
      }
      const { ours = [], ...others } = samples;
      const made = summarise({ name: 'start-up', unit: 'ms', ours, peers: others });
      line(`start-up: ${made.ours} ms; ${JSON.stringify(made.ratios)}`);
      return [made];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

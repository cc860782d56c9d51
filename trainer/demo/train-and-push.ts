// Training and upload, each by the command that a user would type.
import { dirname, join } from 'node:path';
import type { Figures } from '../evaluate/figures.ts';
import { runToEnd } from '../process/guarded-process.ts';
import type { DemoEdge } from './edge-process.ts';

export interface Trained {
  readonly figures: Figures;
  readonly bundle: string;
}

/**
 * Trains on the embedded plant of `seed`; progress goes to stderr.
 *
 * @throws {ProcessFailure} when training fails; the signal's reason when aborted.
 */
export async function train(folder: string, seed: number, signal: AbortSignal): Promise<Trained> {
  const args = ['train', '--data', 'plant', '--seed', String(seed), '--out', folder];
  const stdout = await runToEnd(
    {
      name: 'training',
      command: 'dandan',
      // Nobody reads a page in a folder that is gone with the demo.
      args: [...args, '--model', 'plant', '--no-report', '--json'],
      showErrors: true,
    },
    signal,
  );
  const figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Figures;
  return { figures, bundle: join(folder, 'bundle.safetensors') };
}

/** @throws {ProcessFailure} when the edge refuses; the signal's reason when aborted. */
export async function push(bundle: string, edge: DemoEdge, signal: AbortSignal): Promise<void> {
  const args = ['push', '--bundle', bundle, '--edge', edge.url];
  const env = {
    DANDAN_OPERATOR_KEY: edge.operatorKey,
    // The demo's own, beside its bundle: the user's key signs no demo.
    DANDAN_SIGNING_KEY: join(dirname(bundle), 'signing-key.pem'),
  };
  await runToEnd({ name: 'push', command: 'dandan', args, env }, signal);
}

// A gateway's escalation as a process that a test can kill: takes rows, asks the edge, writes
// what it publishes to a file, line by line, and ends as it is told to.
import { appendFileSync } from 'node:fs';
import { selectRows } from '@dandan/shared/kernel';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { type Prediction, predictionId } from '@dandan/shared/wire';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { openOutbox } from '../outputs/outbox/index.ts';
import { createBackoff } from '../retry/index.ts';
import { createEdgeClient, createEscalator } from '../uplink/escalation/index.ts';
import { EDGE_KEY } from './edge-server.ts';

export interface EscalationTask {
  /** Where outbox, state and `published.jsonl` are. */
  readonly folder: string;
  readonly edgeUrl: string;
  readonly rows: number;
  /** `published`: killed before the broker acknowledges; `acknowledged`: before the row is deleted. */
  readonly killAt: 'published' | 'acknowledged' | 'never';
  /** The edge's answers to wait for before the kill. */
  readonly killAfter: number;
}

const kill = () => process.kill(process.pid, 'SIGKILL');

async function work({ folder, edgeUrl, rows, killAt, killAfter }: EscalationTask): Promise<void> {
  const made = await createTestBundle();
  const features = createTestRows(made.bundle.input, rows);
  const outbox = openOutbox({ file: `${folder}/outbox.sqlite`, maxRows: 10_000 });
  let answers = 0;

  async function publish(prediction: Prediction): Promise<void> {
    appendFileSync(`${folder}/published.jsonl`, `${JSON.stringify(prediction)}\n`);
    if (prediction.tier !== 'edge' || ++answers !== killAfter) return;
    if (killAt === 'published') kill();
    // After the acknowledgement has been taken note of, before the timer that deletes.
    if (killAt === 'acknowledged') setImmediate(kill);
  }

  const escalator = createEscalator({
    outbox,
    edge: createEdgeClient({ url: edgeUrl, key: EDGE_KEY, timeoutMs: 2000 }),
    publish,
    isConnected: () => true,
    metrics: createMetrics({ stages: 1, pending: () => outbox.pending }),
    log: createLogger({ write: () => {} }),
    alert: () => {},
    batchRows: 8,
    batchDelayMs: 5,
    answerWithinMs: 2000,
    backoff: createBackoff({ minMs: 20, maxMs: 50 }),
    stateFile: `${folder}/escalation.sqlite`,
  });
  escalator.wake();
  escalator.add(
    Array.from({ length: rows }, (_, i) => ({
      prediction: {
        id: predictionId(made.sha256, `asset-${i}`, i),
        asset: `asset-${i}`,
        model: 'test-model',
        t: i,
        class: 0,
        label: 'own',
        confidence: 0.4,
        stage: 1,
        tier: 'gateway',
        bundle: made.sha256,
        degraded: false,
      } as const,
      row: selectRows(features, [i]),
    })),
  );
  const done = setInterval(() => {
    if (outbox.pending > 0) return;
    clearInterval(done);
    void escalator.stop().then(() => {
      escalator.close();
      outbox.close();
    });
  }, 10);
}

await work(JSON.parse(process.argv[2]) as EscalationTask);

// Watches the bytes of an outbox's files from another thread, all the time, and keeps the most it saw.
import { Worker } from 'node:worker_threads';

const WATCH = `
const { statSync } = require('node:fs');
const { workerData: { file, shared } } = require('node:worker_threads');
const most = new Float64Array(shared);
const size = (name) => statSync(name, { throwIfNoEntry: false })?.size ?? 0;
setInterval(() => {
  for (let i = 0; i < 200; i++) {
    const now = size(file) + size(file + '-wal') + size(file + '-shm');
    if (now > most[0]) most[0] = now;
    most[1]++;
  }
}, 0);
`;

export interface DiskMeter {
  /** Most bytes seen at once. */
  readonly most: number;
  /** Times it looked. */
  readonly looks: number;
  stop(): Promise<void>;
}

export function startDiskMeter(file: string): DiskMeter {
  const shared = new SharedArrayBuffer(16);
  const seen = new Float64Array(shared);
  const worker = new Worker(WATCH, { eval: true, workerData: { file, shared } });
  return {
    get most() {
      return seen[0];
    },
    get looks() {
      return seen[1];
    },
    async stop() {
      await worker.terminate();
    },
  };
}

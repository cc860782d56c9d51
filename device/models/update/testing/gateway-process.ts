// A gateway as far as updates go, as a process that can be killed: the real disk, the real edge, and
// rows on which every bundle agrees. It says on stdout what it serves.

import { createLogger } from '../../../log/index.ts';
import { lockStore } from '../../bundle-store/index.ts';
import {
  DEFAULT_CRITERIA,
  DEFAULT_PROBATION,
  openParts,
  openUpdater,
  type ShadowRow,
} from '../index.ts';
import { CHANNEL, MODEL } from './releases.ts';

const [folder, url, key, publicKey] = process.argv.slice(2);

/** Short, so that a kill meets every state. */
const PROBATION_MS = 50;
const ROW_MS = 5;
const CHECK_MS = 200;

const say = (line: string) => process.stdout.write(`${line}\n`);

const row: ShadowRow = {
  asset: 'press-1',
  time: 0,
  old: { class: 0, confidence: 0.9, stage: 1 },
  new: { class: 0, confidence: 0.9, stage: 1 },
};

const lock = lockStore(folder);
if (lock === undefined) throw new Error(`${folder} is in use`);

const { parts, requests } = openParts({
  folder,
  edge: { url, key },
  trust: { publicKeys: [publicKey] },
  log: createLogger({ level: 'error', write: say }),
});
const updater = await openUpdater({
  models: [
    {
      model: MODEL,
      channel: CHANNEL,
      stages: 1,
      criteria: { ...DEFAULT_CRITERIA, minRows: 20 },
      probation: { ...DEFAULT_PROBATION, minMs: PROBATION_MS },
    },
  ],
  parts,
  checkIntervalMs: CHECK_MS,
  requests,
  host: () => ({
    serve: (model) => void say(`serves ${model?.sha256}`),
    start() {
      const timers: NodeJS.Timeout[] = [];
      return {
        observe: (listener) => void timers.push(setInterval(() => listener([row]), ROW_MS)),
        stop: () => timers.forEach(clearInterval),
      };
    },
  }),
  onChange: ([{ phase, running }]) => say(`state ${phase} ${running?.bundle}`),
});
await updater.start();

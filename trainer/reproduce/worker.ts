// The program of a worker process: takes tasks over IPC, one at a time, and ends when
// its parent does.
import { describeGraph } from './load-graph.ts';
import { timeMethods } from './measure/time-methods.ts';
import type { Reply, Task } from './messages.ts';
import { createGroupRunner, failureOf } from './run-group.ts';

/** Twice a second is as much of an epoch as anybody reads. */
const REPORT_MS = 500;
/** How often a worker looks whether its parent still lives. */
const PARENT_CHECK_MS = 1000;

const runner = createGroupRunner();
const parent = process.ppid;
let reportedAt = 0;
let checkedAt = 0;

/**
 * Ends a worker whose parent was killed. The channel's `disconnect` alone is not enough: a
 * training that never waits for the event loop would not hear of it.
 */
function endWithParent(now: number): void {
  if (now - checkedAt < PARENT_CHECK_MS) return;
  checkedAt = now;
  if (process.ppid !== parent || !process.connected) process.exit(1);
}

/** Sends a reply; of the many reports of epochs only some. */
function send(reply: Reply): void {
  const now = performance.now();
  endWithParent(now);
  if (reply.kind === 'at') {
    if (now - reportedAt < REPORT_MS) return;
    reportedAt = now;
  }
  process.send?.(reply);
}

async function perform(task: Task): Promise<void> {
  try {
    if (task.kind === 'describe') send(await describeGraph(task.path));
    else if (task.kind === 'inference') send(await timeMethods(task));
    else await runner.run(task, send);
    send({ kind: 'done' });
  } catch (error) {
    send({ kind: 'done', failure: failureOf(error) });
  }
}

process.on('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole process group; the parent decides what becomes of a worker.
process.on('SIGINT', () => {});
process.on('message', (task: Task) => void perform(task));

// `dandan job`: rows classified by the edge's nightly batch, started, watched and fetched from here.
import { Command } from 'commander';
import { createJobClient, type Job, type JobClient } from '../../edge-client/job-client.ts';
import { type EdgeFlags, edgeCommand } from '../edge-command.ts';
import { EXIT } from '../exit-code.ts';
import { Interrupted, withInterrupt } from '../interrupt.ts';
import { downloadResults, startJob, waitForJob } from '../job-actions.ts';
import { readKey } from '../operator-key.ts';
import { createOutput } from '../output.ts';
import { jobLines, progressText } from '../terminal/job-view.ts';
import { addStartFlags, type StartFlags } from './job-flags.ts';

type Action<F> = (client: JobClient, flags: F, signal: AbortSignal, id: string) => Promise<Job>;

/** A job that failed in part or whole is a failure of the command, too. */
const FAILED = ['failed', 'finished-with-failures'];

/** Ctrl-C stops the waiting, not the job. */
const leftRunning = (edge: string, id?: string) =>
  id === undefined
    ? 'Stopped.'
    : `The job goes on. Come back with: dandan job show ${id} --wait --edge ${edge}`;

/** A command about one job, whose end decides the exit code. */
function act<F extends EdgeFlags>(action: Action<F>) {
  return async (flags: F, id = ''): Promise<void> => {
    const { edge, json } = flags;
    const output = createOutput(json);
    const key = readKey(flags.keyEnv);
    let known: string | undefined = id === '' ? undefined : id;
    try {
      await withInterrupt(async (signal) => {
        const client = createJobClient({ edge, key, signal });
        const noting = {
          ...client,
          start: async (request: object, idempotencyKey: string) => {
            const job = await client.start(request, idempotencyKey);
            known = job.id;
            return job;
          },
        };
        const job = await action(noting, flags, signal, id);
        for (const line of jobLines(job)) output.line(line);
        output.result(job);
        if (FAILED.includes(job.state)) process.exitCode = EXIT.failure;
      });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      throw new Interrupted(leftRunning(edge, known));
    }
  };
}

interface WaitFlags extends EdgeFlags {
  wait: boolean;
}

function waiting(call: (client: JobClient, id: string) => Promise<Job>) {
  const perform = act<WaitFlags>(async (client, { wait }, signal, id) => {
    const job = await call(client, id);
    return wait ? waitForJob(client, job.id, signal) : job;
  });
  return (id: string, flags: WaitFlags) => perform(flags, id);
}

async function list({ edge, keyEnv, json }: EdgeFlags): Promise<void> {
  const output = createOutput(json);
  const key = readKey(keyEnv);
  await withInterrupt(async (signal) => {
    const jobs = await createJobClient({ edge, key, signal }).list();
    for (const job of jobs) {
      output.line(`${job.created.slice(0, 16)}  ${job.id}  ${job.model}  ${progressText(job)}`);
    }
    if (jobs.length === 0) output.line('There are no jobs.');
    output.result({ jobs });
  });
}

function startCommand(): Command {
  const perform = act<EdgeFlags & StartFlags>(startJob);
  const command = edgeCommand(
    'start',
    'Start a job over files of this machine or inputs of the edge, and wait for it.',
  );
  return addStartFlags(command).action((flags) => perform(flags));
}

function downloadCommand(): Command {
  const perform = act<EdgeFlags & { out: string }>(async (client, { out }, _signal, id) => {
    const job = await client.show(id);
    await downloadResults(client, job, out);
    return job;
  });
  return edgeCommand('download', 'Download the results of a job.')
    .argument('<id>')
    .requiredOption('--out <folder>', 'folder for the files')
    .action((id: string, flags) => perform(flags, id));
}

export function jobCommand(): Command {
  const one = (name: string, description: string) =>
    edgeCommand(name, description)
      .argument('<id>')
      .option('--wait', 'wait until the job has ended', false);
  return new Command('job')
    .description("Classify many rows with the edge's nightly batch.")
    .addCommand(startCommand())
    .addCommand(edgeCommand('list', 'List jobs, newest first.').action(list))
    .addCommand(
      one('show', 'Show a job: progress, failures, summary, price.').action(
        waiting((client, id) => client.show(id)),
      ),
    )
    .addCommand(
      one('cancel', 'Cancel a job and remove what it wrote.').action(
        waiting((client, id) => client.cancel(id)),
      ),
    )
    .addCommand(
      one('resume', 'Resume a job, and try its failed chunks again.').action(
        waiting((client, id) => client.resume(id)),
      ),
    )
    .addCommand(downloadCommand());
}

// `dandan-edge serve`: the edge on one's own server, from an empty folder to its last request.
import type { Miniflare, V4WorkerOptions } from 'miniflare';
import { applyMigrations } from './apply-migrations.ts';
import { buildWorker } from './build-worker.ts';
import { checkAddress } from './check-address.ts';
import { createControl } from './control-worker.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import type { Journal, Level } from './journal.ts';
import { findOperatorKey } from './operator-key.ts';
import { readSettings, type Settings } from './read-settings.ts';
import { runCrons } from './run-crons.ts';
import { startRuntime } from './runtime.ts';
import { ServeError } from './serve-error.ts';

export interface ServeOptions {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly config: string;
  readonly operatorKeyFile: string | undefined;
  /** The key of the environment. */
  readonly operatorKey: string | undefined;
  readonly journal: Journal;
  /** Stops the edge; requests in flight end first. */
  readonly signal: AbortSignal;
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Before the Worker listens: no request meets a database of yesterday. */
async function migrate(folder: DataFolder, settings: Settings, journal: Journal): Promise<void> {
  const { databases, worker } = settings;
  if (databases.length === 0) return;
  const { state, temporary } = folder;
  const { d1Databases = {} } = worker;
  const runtime = await startRuntime({
    workers: [{ modules: true, script: '', d1Databases }],
    state,
    temporary,
    open: true,
    log: (level, text) => journal.say(level, 'workerd', text),
  });
  try {
    folder.noteWorkerd(runtime.pid);
    for (const database of databases) {
      const { binding, migrations } = database;
      const applied = await applyMigrations(
        await runtime.miniflare.getD1Database(binding),
        database,
      );
      const text = `${binding}: ${applied.length} migrations applied, ${migrations.length} in all`;
      journal.say('info', 'database', text, { binding, applied });
    }
  } finally {
    await runtime.stop();
  }
}

/** Runs one trigger and says what went wrong: nobody else looks. */
function cronCaller(
  control: ReturnType<typeof createControl>,
  miniflare: Miniflare,
  journal: Journal,
) {
  return async (cron: string, time: number) => {
    const outcome = await control
      .runScheduled(miniflare, cron, time)
      .catch((error: unknown) => String(error));
    if (outcome === 'ok') return;
    journal.say('warn', 'cron', `the trigger ${cron} ended with: ${outcome}`, { cron, outcome });
  };
}

async function runEdge(folder: DataFolder, options: ServeOptions): Promise<void> {
  const { host, port, config, journal, signal } = options;
  const settings = readSettings(config);
  const { ownKey, ...key } = keyOf(folder, settings, options);
  journal.say('info', 'key', `operator key of ${key.from}`, { from: key.from, made: ownKey });
  const { name, worker, crons, configFile } = settings;
  const built = await buildWorker({ folder: folder.build, configFile, signal });
  const kilobytes = Math.round(
    built.modules.reduce((sum, { contents }) => sum + contents.length, 0) / 1000,
  );
  const how = built.fresh ? 'built now' : 'as built before';
  journal.say('info', 'worker', `${name}, ${kilobytes} kB, ${how}`, { name, fresh: built.fresh });
  await migrate(folder, settings, journal);
  signal.throwIfAborted();
  const control = createControl(name);
  const { modulesRules: _, ...bindings } = worker;
  const edge: V4WorkerOptions = {
    ...bindings,
    modules: built.modules.map((each) => ({ ...each })),
    bindings: { ...bindings.bindings, OPERATOR_KEY: key.key },
    // Straight to the Worker: Miniflare's entry would read every request and answer a second time.
    unsafeDirectSockets: [{ host, port }],
  };
  const { state, temporary } = folder;
  const log = (level: Level, text: string) => journal.say(level, 'log', text);
  const runtime = await startRuntime({
    workers: [edge, control.worker],
    state,
    temporary,
    open: false,
    log,
  });
  folder.noteWorkerd(runtime.pid);
  const call = cronCaller(control, runtime.miniflare, journal);
  let stopCrons = () => {};
  try {
    stopCrons = runCrons({ expressions: crons, call });
    if (crons.length > 0) journal.say('info', 'crons', crons.join(', '), { crons });
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    journal.say('info', 'ready', url, { url, workerd: runtime.pid });
    const asked = new Promise<'asked'>((resolve) => {
      if (signal.aborted) resolve('asked');
      signal.addEventListener('abort', () => resolve('asked'), { once: true });
    });
    const ended = await Promise.race([asked, runtime.ended]);
    if (ended !== 'asked' && !signal.aborted) {
      const fix = 'let the service manager start the edge again; nothing acknowledged is lost';
      throw new ServeError('workerd-failed', `workerd ended unasked: ${ended}`, fix);
    }
  } finally {
    stopCrons();
    await runtime.stop();
  }
}

function keyOf(folder: DataFolder, { worker }: Settings, options: ServeOptions) {
  // wrangler reads .dev.vars beside its configuration into the bindings.
  const developers = worker.bindings?.OPERATOR_KEY;
  const given = options.operatorKey || (typeof developers === 'string' ? developers : undefined);
  const found = findOperatorKey({
    given,
    file: options.operatorKeyFile,
    ownFile: folder.keyFile,
  });
  return { ...found, ownKey: found.from.endsWith('made now') };
}

/**
 * Serves until `signal` aborts.
 *
 * @throws {ServeError} what kept it from starting, or `workerd-failed` where workerd died.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { data, host, port, journal, signal } = options;
  if (!LOOPBACK.includes(host)) {
    journal.say('warn', 'host', `${host} is reached without TLS: put a proxy in front`, { host });
  }
  const folder = await openDataFolder(data);
  try {
    journal.say('info', 'data', folder.path, { data: folder.path });
    await checkAddress(host, port);
    await runEdge(folder, options);
  } catch (error) {
    if (!signal.aborted || error instanceof ServeError) throw error;
  } finally {
    folder.release();
  }
  journal.say('info', 'stopped', 'all requests ended', {});
}

// The commands of a person who looks after gateways: bundles, keys, policies, the bridge. Their code
// is loaded when they are called: a gateway that starts after a power cut does not wait for it.
import type { Command } from 'commander';
import type { Streams } from './output.ts';

interface CommonOptions {
  readonly config: string;
  readonly json: boolean;
}

const EXAMPLE = 'configuration; start from gateway.example.yaml';

/** Adds the commands to a program; `done` gets their exit codes. */
export function addMaintenance(
  program: Command,
  streams: Streams,
  done: (code: number) => void,
): void {
  const add = (parent: Command, name: string, description: string, config = EXAMPLE) =>
    parent
      .command(name)
      .description(description)
      .requiredOption('--config <file>', config)
      .option('--json', 'print one JSON object as the last line of stdout', false);

  add(program, 'update', 'ask the edge for newer bundles now')
    .option('--model <name>', 'one model instead of all')
    .option('--check-only', 'only tell what would be taken up', false)
    .action(async (options: CommonOptions & { model?: string; checkOnly: boolean }) => {
      const { update } = await import('./update.ts');
      done(await update(options, streams));
    });
  add(program, 'rollback', 'go back to the bundle before')
    .option('--model <name>', 'one model instead of all')
    .option('--reason <text>', 'told to the edge')
    .action(async (options: CommonOptions & { model?: string; reason?: string }) => {
      const { rollback } = await import('./rollback.ts');
      done(await rollback(options, streams));
    });
  add(program, 'bundles', 'list the bundles on this gateway and what becomes of them').action(
    async (options: CommonOptions) => {
      const { bundles } = await import('./bundles.ts');
      done(await bundles(options, streams));
    },
  );
  add(program, 'rotate-key', 'replace the key at the edge; the old one works for an hour').action(
    async (options: CommonOptions) => {
      const { rotateKey } = await import('./rotate-key.ts');
      done(await rotateKey(options, streams));
    },
  );
  add(
    program,
    'bridge',
    'ask the edge for gateways that reach only their broker',
    'configuration; start from bridge.example.yaml',
  ).action(async (options: CommonOptions) => {
    const { bridge } = await import('./bridge.ts');
    done(await bridge(options, streams));
  });

  const policy = program
    .command('policy')
    .description('which policy holds, and a word against it for some hours');
  add(policy, 'show', 'tell what a person at the gateway has set').action(
    async (options: CommonOptions) => {
      const { showPolicy } = await import('./policy.ts');
      done(await showPolicy(options, streams));
    },
  );
  add(policy, 'set', 'set a policy for some hours, against calendar and operators')
    .argument('<policy>', 'day or night')
    .requiredOption('--for <duration>', 'e.g. 90s, 30m, 2h, 1d')
    .option('--note <text>', 'why, for whoever asks')
    .action(async (name: string, options: CommonOptions & { for: string; note?: string }) => {
      const { setPolicy } = await import('./policy.ts');
      done(await setPolicy({ ...options, policy: name }, streams));
    });
  add(policy, 'clear', 'take back what was set').action(async (options: CommonOptions) => {
    const { clearPolicy } = await import('./policy.ts');
    done(await clearPolicy(options, streams));
  });
}

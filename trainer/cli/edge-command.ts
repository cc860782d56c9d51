// What every command that talks to an edge has in common.
import { Command } from 'commander';
import { createEdgeClient, type EdgeClient } from '../edge-client/edge-client.ts';
import { withInterrupt } from './interrupt.ts';
import { keyEnvOption, readKey } from './operator-key.ts';
import { createOutput, type Output } from './output.ts';

export interface EdgeFlags {
  readonly edge: string;
  readonly keyEnv: string;
  readonly json: boolean;
}

/** A command with the options of {@linkcode EdgeFlags}. */
export function edgeCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption('--edge <url>', 'base URL of the edge')
    .addOption(keyEnvOption())
    .option('--json', 'one JSON object as the last line of stdout', false);
}

/** Runs `action` with a client of the edge; what it returns is the result under --json. */
export async function withEdge(
  { edge, keyEnv, json }: EdgeFlags,
  action: (client: EdgeClient, output: Output) => Promise<unknown>,
): Promise<void> {
  const output = createOutput(json);
  const key = readKey(keyEnv);
  const result = await withInterrupt((signal) =>
    action(createEdgeClient({ edge, key, signal }), output),
  );
  output.result(result);
}

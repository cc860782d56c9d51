// What can befall a gateway, as things that really happen to real processes and sockets.
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@dandan/shared/random';
import type { GatewayProcess } from '../gateway-process.ts';
import type { Cables, Plant } from '../plant.ts';

/** Longest a fault lasts, milliseconds. */
const MAX_FAULT_MS = 400;

export const FAULTS = [
  'kill',
  'kill-at-start',
  'stop',
  'broker-restart',
  'broker-partition',
  'broker-cut',
  'edge-outage',
  'edge-errors',
  'edge-silent',
  'edge-partition',
] as const;

export type Fault = (typeof FAULTS)[number];

export interface Running {
  readonly plant: Plant;
  gateway: GatewayProcess;
}

async function kill({ child, exit }: GatewayProcess): Promise<void> {
  child.kill('SIGKILL');
  await exit;
}

/** Lets one fault happen, and ends it. */
export async function strike(fault: Fault, running: Running, random: Random): Promise<void> {
  const { plant } = running;
  const cables = plant.cables as Cables;
  const lasting = () => delay(random.below(MAX_FAULT_MS));
  switch (fault) {
    case 'kill':
      await kill(running.gateway);
      await lasting();
      running.gateway = await plant.start();
      return;
    case 'kill-at-start': {
      await kill(running.gateway);
      // In the middle of reading its journal, or of its first connection.
      const early = plant.spawn('run', '--config', plant.configFile, '--json');
      await delay(150 + random.below(MAX_FAULT_MS));
      await kill(early);
      running.gateway = await plant.start();
      return;
    }
    case 'stop':
      running.gateway.child.kill('SIGTERM');
      await running.gateway.exit;
      running.gateway = await plant.start();
      return;
    case 'broker-restart':
      await plant.broker.stop();
      await lasting();
      await plant.broker.start();
      return;
    case 'broker-cut':
      cables.broker.cut();
      return;
    case 'broker-partition':
      cables.broker.blocked = true;
      cables.broker.cut();
      await lasting();
      cables.broker.blocked = false;
      return;
    case 'edge-outage':
      await plant.edge.stop();
      await lasting();
      await plant.edge.start();
      return;
    case 'edge-errors':
      plant.edge.mode = { kind: 'status', status: [429, 500, 503][random.below(3)] };
      await lasting();
      plant.edge.mode = { kind: 'well' };
      return;
    case 'edge-silent':
      plant.edge.mode = { kind: 'silent' };
      await lasting();
      plant.edge.mode = { kind: 'well' };
      return;
    case 'edge-partition':
      cables.edge.blocked = true;
      cables.edge.cut();
      await lasting();
      cables.edge.blocked = false;
  }
}

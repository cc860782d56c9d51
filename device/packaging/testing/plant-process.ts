// A broker and an edge for an installed gateway: started beside a clean root, in its network.
// Writes the bundle and a configuration into the folder given, says `ready`, ends with its input.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startAedes } from '../../testing/aedes.ts';
import { EDGE_KEY } from '../../testing/edge-server.ts';
import { startPlant } from '../../testing/plant.ts';

const [folder] = process.argv.slice(2);
const plant = await startPlant({ startBroker: () => startAedes() });
const config = await readFile(plant.configFile, 'utf8');
await copyFile(
  join(dirname(plant.configFile), 'model.safetensors'),
  join(folder, 'model.safetensors'),
);
await writeFile(join(folder, 'gateway.yaml'), config);
await writeFile(join(folder, 'environment'), `TEST_EDGE_KEY=${EDGE_KEY}\n`);
await writeFile(join(folder, 'broker'), plant.broker.url);
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.once('end', async () => {
  await plant.dispose();
  process.exit(0);
});

// Entry of the bundled gateway: one file for the program and for the thread that decodes Parquet.
import '../bin/quiet-warnings.js';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const { main } = await import('../cli/main.ts');
  process.exit(await main(process.argv.slice(2)));
} else {
  const { serveParquet } = await import('../simulate/sources/parquet-worker.ts');
  await serveParquet();
}

// Entry of the decoding thread where the program is not bundled.
import { serveParquet } from './parquet-worker.ts';

await serveParquet();

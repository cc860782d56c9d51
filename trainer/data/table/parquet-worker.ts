// The thread that decodes Parquet columns; see parquet-thread.ts for why it is one.
import { parentPort, workerData } from 'node:worker_threads';
import { parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { FoundTable } from '../text/find-table.ts';
import { COMPRESSORS, parquetFile } from './parquet-file.ts';
import type { ColumnAnswer, ColumnRequest } from './parquet-thread.ts';
import type { Cell } from './table-source.ts';

const file = await parquetFile(workerData as FoundTable);
const metadata = await parquetMetadataAsync(file);

async function decode({ column, rowStart, rowEnd }: ColumnRequest): Promise<ColumnAnswer> {
  const chunks: ArrayLike<Cell>[] = [];
  try {
    await parquetRead({
      file,
      metadata,
      columns: [column],
      rowStart,
      rowEnd,
      compressors: COMPRESSORS,
      onChunk: ({ columnData }) => {
        chunks.push(columnData);
      },
    });
    return { kind: 'chunks', chunks };
  } catch (error) {
    return { kind: 'failed', message: (error as Error).message };
  }
}

parentPort?.on('message', async (request: ColumnRequest) => {
  parentPort?.postMessage(await decode(request));
});

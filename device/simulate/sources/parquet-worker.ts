// The thread that decodes Parquet columns; see parquet-thread.ts for why it is one.
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Cell } from '@dandan/shared/telemetry-table';
import { type Compressors, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { parquetFile } from './parquet-file.ts';
import type { ColumnAnswer, ColumnRequest, ParquetTable } from './parquet-thread.ts';

/** Beside these hyparquet itself reads uncompressed and Snappy pages. */
const COMPRESSORS: Compressors = {
  GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
  ZSTD: (input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength }),
};

/** Answers requests of the thread that started this one. */
export async function serveParquet(): Promise<void> {
  const { file: path, name } = workerData as ParquetTable;
  const file = await parquetFile(path, name);
  const metadata = await parquetMetadataAsync(file);

  async function decode({ column, rowStart, rowEnd }: ColumnRequest): Promise<ColumnAnswer> {
    const cells: Cell[] = [];
    try {
      await parquetRead({
        file,
        metadata,
        columns: [column],
        rowStart,
        rowEnd,
        compressors: COMPRESSORS,
        onChunk: ({ columnData }) => {
          for (let i = 0; i < columnData.length; i++) cells.push(columnData[i] as Cell);
        },
      });
      return { kind: 'cells', cells };
    } catch (error) {
      return { kind: 'failed', message: (error as Error).message };
    }
  }

  parentPort?.on('message', async (request: ColumnRequest) => {
    parentPort?.postMessage(await decode(request));
  });
}

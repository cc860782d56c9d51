import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { writeFolder } from '../../testing/graph-folder-fixture.ts';
import { startParquetThread } from './parquet-thread.ts';

const ROWS = 3;

function file(): Buffer {
  const columnData = [
    { name: 'id', data: [0n, 1n, 2n] },
    { name: 'level', data: [0.5, 1.5, 2.5], type: 'DOUBLE' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData, codec: 'UNCOMPRESSED' }));
}

async function start(content: Buffer, options: { signal?: AbortSignal } = {}) {
  const path = join(await writeFolder({ 'x.parquet': content }), 'x.parquet');
  const table = { path, name: 'x.parquet' };
  return startParquetThread({ table, groupRows: [ROWS], baseTimeoutMs: 4000, ...options });
}

const LEVEL = { column: 'level', rowStart: 0, rowEnd: ROWS };

test('startParquetThread() reads one column after the other', async () => {
  await using thread = await start(file());
  for (let again = 0; again < 2; again++) {
    expect((await thread.read(LEVEL)).flatMap((chunk) => Array.from(chunk))).toEqual([
      0.5, 1.5, 2.5,
    ]);
    const ids = await thread.read({ ...LEVEL, column: 'id' });
    expect(ids.flatMap((chunk) => Array.from(chunk))).toEqual([0n, 1n, 2n]);
  }
});

test('startParquetThread() ends what a damaged page makes endless', async () => {
  const damaged = file();
  // Two bytes in front of the values begin the runs of the levels that mark missing values.
  const runs = damaged.indexOf(Buffer.from(Float64Array.of(0.5, 1.5, 2.5).buffer)) - 2;
  // A run of 2³¹ − 1 levels, as a varint.
  damaged.set([0xfe, 0xff, 0xff, 0xff, 0x0f], runs);
  await using thread = await start(damaged);
  await expect(thread.read(LEVEL)).rejects.toMatchObject({
    code: 'data-invalid',
    field: 'x.parquet:level',
    value: expect.stringMatching(/memory limit|pages that do not end/),
  });
});

test('startParquetThread() stops when aborted', async () => {
  const controller = new AbortController();
  await using thread = await start(file(), { signal: controller.signal });
  const reading = thread.read(LEVEL);
  controller.abort(new Error('stop'));
  await expect(reading).rejects.toThrow('stop');
});

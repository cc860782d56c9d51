// Looks for onnxruntime's CUDA library without loading onnxruntime.
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const LIBRARY = 'libonnxruntime_providers_cuda.so';

/** Where onnxruntime-node keeps its libraries; part of its file layout at the pinned version. */
const FOLDER = join('bin', 'napi-v6', process.platform, process.arch);

/** Folder of the onnxruntime libraries of this platform. */
export function onnxruntimeFolder(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(entry), '..', FOLDER);
}

/** Whether the CUDA library stands in `folder`. It ships apart, for Linux on x86-64 only. */
export async function hasCudaLibrary(folder: string): Promise<boolean> {
  try {
    await access(join(folder, LIBRARY));
    return true;
  } catch {
    return false;
  }
}

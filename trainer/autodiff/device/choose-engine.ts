// `--device`: the engine that a run asked for, or the CPU's where CUDA cannot be had.
import '../onnx/environment.ts';
import { cpuEngine, type Engine } from '../session.ts';
import { hasCudaLibrary, onnxruntimeFolder } from './find-cuda-library.ts';

/** `auto`: CUDA where it works, else the CPU. */
export const DEVICES = ['auto', 'cpu', 'cuda'] as const;

export type Device = (typeof DEVICES)[number];

export interface ChooseEngineOptions {
  readonly device: Device;
  /** Threads of the CPU engine. @default {1} */
  readonly threads?: number | undefined;
  /** Where the CUDA library is looked for. @default {onnxruntime-node's own folder} */
  readonly libraryFolder?: string | undefined;
}

export interface ChosenEngine {
  readonly engine: Engine;
  readonly runsOn: 'cpu' | 'cuda';
  /** One line to tell the user: why a run that asked for CUDA is on the CPU. */
  readonly note: string | undefined;
}

const HOW_TO_ADD = 'see "Training on a GPU" in CONTRIBUTING.md';

const firstLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0].trim();

/** Why CUDA cannot be used; `undefined` where it can. onnxruntime is loaded only where its library is. */
async function whyNotCuda(folder: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `onnxruntime-node has CUDA for Linux on x86-64 only, this is ${process.platform} on ${process.arch}`;
  }
  if (!(await hasCudaLibrary(folder))) {
    return `onnxruntime's CUDA library is not installed: ${HOW_TO_ADD}`;
  }
  const { cudaEngine, tryEngine } = await import('./cuda-engine.ts');
  try {
    await tryEngine(cudaEngine);
    return undefined;
  } catch (error) {
    return `onnxruntime's CUDA library does not work here (${firstLine(error)}): ${HOW_TO_ADD}`;
  }
}

/** Chooses an engine; it never fails for want of a GPU. */
export async function chooseEngine(options: ChooseEngineOptions): Promise<ChosenEngine> {
  const { device, threads = 1, libraryFolder = onnxruntimeFolder() } = options;
  const cpu = { engine: cpuEngine({ threads }), runsOn: 'cpu' } as const;
  if (device === 'cpu') return { ...cpu, note: undefined };
  const reason = await whyNotCuda(libraryFolder);
  if (reason === undefined) {
    const { cudaEngine } = await import('./cuda-engine.ts');
    return { engine: cudaEngine, runsOn: 'cuda', note: undefined };
  }
  const note = `CUDA is not used, training goes on on the CPU: ${reason}`;
  return { ...cpu, note: device === 'cuda' ? note : undefined };
}

// Environment variables that libraries read when they load, so to be imported before onnxruntime
// is, and in the main thread too: what a worker sets no library sees.
import '../no-telemetry.ts';

// TF32 would round the factors of every product on CUDA to 10 bits.
process.env.NVIDIA_TF32_OVERRIDE ??= '0';

// The part of the WebAssembly interface that is used here. Node has it, but its types come with
// the DOM's, which would let browser globals into the trainer.

export interface Memory {
  readonly buffer: SharedArrayBuffer;
}

interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => Memory;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

export const { Module, Memory, Instance } = (
  globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }
).WebAssembly;

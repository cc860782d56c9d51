// A bundle in memory: manifest, input quantisation and the stages at hand.
import type { InputQuantisation, Layer } from '../kernel/index.ts';
import type { Manifest } from './manifest.ts';

/** One student: hidden layers with ReLU, then a head that gives logits. */
export interface Stage {
  readonly hidden: readonly Layer[];
  readonly head: Layer;
  /** float32 1 / T_k. */
  readonly inverseTemperature: number;
}

export interface Bundle {
  readonly manifest: Manifest;
  readonly input: InputQuantisation;
  /** Stages 1..s; a gateway's prefix holds fewer than the manifest describes. */
  readonly stages: readonly Stage[];
}

/** Tensor names of a layer, as they stand in the file. */
export function layerTensors(stage: number, layer: number | 'head') {
  const base = `stage${stage}.${layer === 'head' ? 'head' : `hidden${layer}`}`;
  return { bias: `${base}.bias`, scale: `${base}.scale`, weight: `${base}.weight` };
}

export const INPUT_OFFSET = 'input.offset';
export const INPUT_MULTIPLIER = 'input.multiplier';

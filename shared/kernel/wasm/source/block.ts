// What the kernels read from memory: written by pack-model.ts and wasm-block.ts, word by word in
// the order of the fields.

/** A block of rows that climb together. Row r of an array begins at base + r · stride. */
@unmanaged
export class Block {
  /** uint8: the codes of a dense row, then the hidden codes h. */
  rows: usize;
  rowBytes: usize;
  /** Where h begins in a row. */
  hidden: usize;
  /** uint8: outputs of the hidden layers inside a stage, even and odd layers. */
  even: usize;
  odd: usize;
  layerBytes: usize;
  /** int32: sums of a sparse first layer. */
  sums: usize;
  sumBytes: usize;
  /** float32: logits of the latest stage, and its probabilities. */
  logits: usize;
  probabilities: usize;
  /** float32: Σ_j w_j p_j. */
  weighted: usize;
  classBytes: usize;
  /** float32: Σ_j w_j. */
  weightSums: usize;
  /** int32: argmax of the running output, of the latest stage alone. */
  classes: usize;
  stageClasses: usize;
  /** float32: largest running probability. */
  confidence: usize;
  /** float32 [2, rows], two numbers of every row that still climbs, side by side. */
  scratch: usize;
  scratchBytes: usize;
  /** int32: the rows that still climb. */
  active: usize;
  /** int32 [rows + 1], int32, uint8: sparse rows. */
  offsets: usize;
  indices: usize;
  codes: usize;
}

/** y = scale · (bias + weight · q). Outputs are padded to whole panels of 8. */
@unmanaged
export class Layer {
  /** int8 [panels, groups, 32]: a panel's 8 outputs by 4 inputs, see `dot()` for the order. */
  weights: usize;
  /** int32 [8 · panels]. */
  bias: usize;
  /** float32 [8 · panels]. */
  scale: usize;
  panels: i32;
  /** Inputs of the dense part in groups of 4, the last filled up with zero weights. */
  groups: i32;
}

/** Columns of a sparse first layer, int8 [columns, bytes], bytes a multiple of 8. */
@unmanaged
export class Columns {
  weights: usize;
  bytes: usize;
  bias: usize;
}

@unmanaged
export class Stage {
  inverseTemperature: f32;
  /** Where this stage's units begin in h, and how many bytes they take. */
  unitsAt: usize;
  unitBytes: usize;
  columns: usize;
  head: usize;
  /** 1: logits are added to those of the stage before. */
  adds: i32;
  /** Hidden layers, of which addresses follow. */
  depth: i32;
  first: usize;
}

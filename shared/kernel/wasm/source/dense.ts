// A dense layer over the rows that still climb.
import { Layer } from './block';
import { dot, loadCodes, loadOnes } from './dot';
import { Codes, write } from './output';

/** int8 weights of one group of a panel: 8 outputs by 4 inputs. */
const GROUP_BYTES: usize = 32;
/** int32 sums or float32 scales of a panel. */
const PANEL_BYTES: usize = 32;

// 4 rows × 8 outputs keep 8 sums, 2 weights, a broadcast, a product and the ones in the 15 vector
// registers that engines have for it on x64; one more row would spill.
// @ts-ignore: decorator
@inline
function fourRows<P, E>(
  weights: usize, groups: i32, scale: v128, scale1: v128,
  in0: usize, in1: usize, in2: usize, in3: usize,
  from0: usize, from1: usize, from2: usize, from3: usize,
  to0: usize, to1: usize, to2: usize, to3: usize,
): void {
  let s00 = v128.load(from0);
  let s01 = v128.load(from0, 16);
  let s10 = v128.load(from1);
  let s11 = v128.load(from1, 16);
  let s20 = v128.load(from2);
  let s21 = v128.load(from2, 16);
  let s30 = v128.load(from3);
  let s31 = v128.load(from3, 16);
  const end = in0 + (<usize>groups << 2);
  const ones = loadOnes();
  let w = weights;
  while (in0 < end) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    w += GROUP_BYTES;
    const x0 = loadCodes(in0);
    s00 = dot<P>(w0, x0, s00, ones);
    s01 = dot<P>(w1, x0, s01, ones);
    const x1 = loadCodes(in1);
    s10 = dot<P>(w0, x1, s10, ones);
    s11 = dot<P>(w1, x1, s11, ones);
    const x2 = loadCodes(in2);
    s20 = dot<P>(w0, x2, s20, ones);
    s21 = dot<P>(w1, x2, s21, ones);
    const x3 = loadCodes(in3);
    s30 = dot<P>(w0, x3, s30, ones);
    s31 = dot<P>(w1, x3, s31, ones);
    in0 += 4;
    in1 += 4;
    in2 += 4;
    in3 += 4;
  }
  write<P, E>(to0, s00, s01, scale, scale1);
  write<P, E>(to1, s10, s11, scale, scale1);
  write<P, E>(to2, s20, s21, scale, scale1);
  write<P, E>(to3, s30, s31, scale, scale1);
}

/** One row by up to 4 panels at a time: 8 sums again, every weight read once. */
// @ts-ignore: decorator
@inline
function oneRow<P, E>(layer: Layer, input: usize, from: usize, to: usize): void {
  const panels = layer.panels;
  const panelBytes = <usize>layer.groups * GROUP_BYTES;
  const end = input + (<usize>layer.groups << 2);
  const outBytes: usize = sizeof<E>() == sizeof<Codes>() ? 8 : 32;
  let w = layer.weights;
  let scale = layer.scale;
  let panel = 0;
  const ones = loadOnes();
  for (; panel + 4 <= panels; panel += 4) {
    let s0 = v128.load(from);
    let s1 = v128.load(from, 16);
    let s2 = v128.load(from, 32);
    let s3 = v128.load(from, 48);
    let s4 = v128.load(from, 64);
    let s5 = v128.load(from, 80);
    let s6 = v128.load(from, 96);
    let s7 = v128.load(from, 112);
    let w0 = w;
    let w1 = w0 + panelBytes;
    let w2 = w1 + panelBytes;
    let w3 = w2 + panelBytes;
    w = w3 + panelBytes;
    for (let x = input; x < end; x += 4) {
      const codes = loadCodes(x);
      s0 = dot<P>(v128.load(w0), codes, s0, ones);
      s1 = dot<P>(v128.load(w0, 16), codes, s1, ones);
      s2 = dot<P>(v128.load(w1), codes, s2, ones);
      s3 = dot<P>(v128.load(w1, 16), codes, s3, ones);
      s4 = dot<P>(v128.load(w2), codes, s4, ones);
      s5 = dot<P>(v128.load(w2, 16), codes, s5, ones);
      s6 = dot<P>(v128.load(w3), codes, s6, ones);
      s7 = dot<P>(v128.load(w3, 16), codes, s7, ones);
      w0 += GROUP_BYTES;
      w1 += GROUP_BYTES;
      w2 += GROUP_BYTES;
      w3 += GROUP_BYTES;
    }
    write<P, E>(to, s0, s1, v128.load(scale), v128.load(scale, 16));
    write<P, E>(to + outBytes, s2, s3, v128.load(scale, 32), v128.load(scale, 48));
    write<P, E>(to + 2 * outBytes, s4, s5, v128.load(scale, 64), v128.load(scale, 80));
    write<P, E>(to + 3 * outBytes, s6, s7, v128.load(scale, 96), v128.load(scale, 112));
    from += 4 * PANEL_BYTES;
    scale += 4 * PANEL_BYTES;
    to += 4 * outBytes;
  }
  for (; panel < panels; panel++) {
    let s0 = v128.load(from);
    let s1 = v128.load(from, 16);
    for (let x = input; x < end; x += 4) {
      const codes = loadCodes(x);
      s0 = dot<P>(v128.load(w), codes, s0, ones);
      s1 = dot<P>(v128.load(w, 16), codes, s1, ones);
      w += GROUP_BYTES;
    }
    write<P, E>(to, s0, s1, v128.load(scale), v128.load(scale, 16));
    from += PANEL_BYTES;
    scale += PANEL_BYTES;
    to += outBytes;
  }
}

// @ts-ignore: decorator
@inline
function rowAt(active: usize, i: i32): usize {
  return <usize>load<i32>(active + (<usize>i << 2));
}

/**
 * Runs `layer` over rows active[0..count). Row r reads its codes at input + r · inputBytes, starts
 * from the sums at from + r · fromBytes (0: every row from the bias) and writes at
 * to + r · toBytes, up to 7 outputs beyond the last.
 */
export function dense<P, E>(
  layer: Layer, active: usize, count: i32,
  input: usize, inputBytes: usize, from: usize, fromBytes: usize, to: usize, toBytes: usize,
): void {
  const whole = count & ~3;
  if (whole > 0) {
    const groups = layer.groups;
    const panelBytes = <usize>groups * GROUP_BYTES;
    const outBytes: usize = sizeof<E>() == sizeof<Codes>() ? 8 : 32;
    let w = layer.weights;
    let scale = layer.scale;
    let starts = from;
    let outs = to;
    for (let panel = 0; panel < layer.panels; panel++) {
      const scale0 = v128.load(scale);
      const scale1 = v128.load(scale, 16);
      for (let i = 0; i < whole; i += 4) {
        const r0 = rowAt(active, i);
        const r1 = rowAt(active, i + 1);
        const r2 = rowAt(active, i + 2);
        const r3 = rowAt(active, i + 3);
        fourRows<P, E>(
          w, groups, scale0, scale1,
          input + r0 * inputBytes, input + r1 * inputBytes,
          input + r2 * inputBytes, input + r3 * inputBytes,
          starts + r0 * fromBytes, starts + r1 * fromBytes,
          starts + r2 * fromBytes, starts + r3 * fromBytes,
          outs + r0 * toBytes, outs + r1 * toBytes,
          outs + r2 * toBytes, outs + r3 * toBytes,
        );
      }
      w += panelBytes;
      scale += PANEL_BYTES;
      starts += PANEL_BYTES;
      outs += outBytes;
    }
  }
  for (let i = whole; i < count; i++) {
    const r = rowAt(active, i);
    oneRow<P, E>(layer, input + r * inputBytes, from + r * fromBytes, to + r * toBytes);
  }
}

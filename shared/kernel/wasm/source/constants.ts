// Constants of the kernels, from memory: engines make a constant anew before every use, in four
// instructions where a load is one. ../constants.ts writes them; the addresses are the same there.

/** int16 ones. */
export const ONES: usize = 16;
/** float32, four times each, in the order of the exponential. */
export const LOG2_E: usize = 32;
export const HALF: usize = 48;
export const LN2_HIGH: usize = 64;
export const LN2_LOW: usize = 80;
export const COEFFICIENTS: usize = 96;
export const ONE: usize = 192;
export const SMALLEST: usize = 208;
/** 1.5 · 2²³ + 127: where float32 counts in whole numbers. */
export const INTEGER_BITS: usize = 224;
/** The largest 7-bit code. */
export const MAX_CODE: usize = 240;
/** int32 0, 1, 2, 3. */
export const LANES: usize = 256;
export const FOUR: usize = 272;
/** Above every class. */
export const NO_CLASS: usize = 288;

// Units of measurement as exact fractions of the base unit of their quantity, with their spellings.

/** `base = (value + shift) × factor`, all fractions of whole numbers. */
export interface Unit {
  readonly quantity: string;
  readonly factor: Fraction;
  readonly shift: Fraction;
}

/** Numerator and denominator. */
export type Fraction = readonly [bigint, bigint];

type Row = readonly [spellings: string, factor: Fraction, shift?: Fraction];

const NONE: Fraction = [0n, 1n];

/** Exact by definition: a pound-force (0.45359237 kg × 9.80665 m/s²) on a square inch (0.0254 m)². */
const PSI: Fraction = [44_482_216_152_605n, 6_451_600_000n];
const STANDARD_GRAVITY: Fraction = [980_665n, 100_000n];
const INCH: Fraction = [254n, 10_000n];
const FOOT: Fraction = [3048n, 10_000n];

/**
 * Spellings are separated by blanks. Superscripts, µ and ° are written plainly here:
 * {@linkcode plainSpelling} makes `m3/h` of `m³/h`, `um` of `µm` and `degC` of `°C`. A row whose
 * spelling is another's but for its case, as mPa and MPa, is what keeps `MPA` from being guessed at.
 */
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  temperature: [
    ['K degK kelvin', [1n, 1n]],
    ['degC C Cel celsius degreeCelsius degreesCelsius', [1n, 1n], [27_315n, 100n]],
    ['degF F fahrenheit degreeFahrenheit degreesFahrenheit', [5n, 9n], [45_967n, 100n]],
  ],
  pressure: [
    ['Pa pascal N/m2', [1n, 1n]],
    ['mPa', [1n, 1000n]],
    ['hPa', [100n, 1n]],
    ['kPa', [1000n, 1n]],
    ['MPa N/mm2', [1_000_000n, 1n]],
    ['bar', [100_000n, 1n]],
    ['mbar', [100n, 1n]],
    ['psi lbf/in2', PSI],
  ],
  length: [
    ['m metre meter', [1n, 1n]],
    ['cm', [1n, 100n]],
    ['mm millimetre millimeter', [1n, 1000n]],
    ['um micron micrometre micrometer', [1n, 1_000_000n]],
    ['km', [1000n, 1n]],
    ['in inch', INCH],
    ['mil', [254n, 10_000_000n]],
    ['ft foot', FOOT],
  ],
  velocity: [
    ['m/s', [1n, 1n]],
    ['mm/s', [1n, 1000n]],
    ['um/s', [1n, 1_000_000n]],
    ['m/min', [1n, 60n]],
    ['km/h', [5n, 18n]],
    ['in/s ips', INCH],
    ['ft/s', FOOT],
  ],
  acceleration: [
    ['m/s2', [1n, 1n]],
    ['mm/s2', [1n, 1000n]],
    ['g g0 gn', STANDARD_GRAVITY],
    ['mg', [980_665n, 100_000_000n]],
  ],
  power: [
    ['W watt', [1n, 1n]],
    ['mW', [1n, 1000n]],
    ['kW', [1000n, 1n]],
    ['MW', [1_000_000n, 1n]],
  ],
  current: [
    ['A amp ampere', [1n, 1n]],
    ['mA', [1n, 1000n]],
    ['uA', [1n, 1_000_000n]],
    ['kA', [1000n, 1n]],
  ],
  voltage: [
    ['V volt', [1n, 1n]],
    ['mV', [1n, 1000n]],
    ['kV', [1000n, 1n]],
    ['MV', [1_000_000n, 1n]],
  ],
  frequency: [
    ['Hz hertz 1/s', [1n, 1n]],
    ['mHz', [1n, 1000n]],
    ['kHz', [1000n, 1n]],
    ['MHz', [1_000_000n, 1n]],
    ['rpm 1/min r/min rev/min', [1n, 60n]],
  ],
  flow: [
    ['m3/s', [1n, 1n]],
    ['m3/h', [1n, 3600n]],
    ['m3/min', [1n, 60n]],
    ['l/s lps', [1n, 1000n]],
    ['l/min lpm', [1n, 60_000n]],
    ['ml/min', [1n, 60_000_000n]],
    ['l/h', [1n, 3_600_000n]],
  ],
  volume: [
    ['m3', [1n, 1n]],
    ['l litre liter', [1n, 1000n]],
    ['ml', [1n, 1_000_000n]],
  ],
  ratio: [
    ['1 ratio', [1n, 1n]],
    ['% percent pct', [1n, 100n]],
    ['ppm', [1n, 1_000_000n]],
  ],
  time: [
    ['s sec second', [1n, 1n]],
    ['ms millisecond', [1n, 1000n]],
    ['us microsecond', [1n, 1_000_000n]],
    ['min minute', [60n, 1n]],
    ['h hr hour', [3600n, 1n]],
    ['d day', [86_400n, 1n]],
  ],
  mass: [
    ['kg kilogram', [1n, 1n]],
    ['g gram', [1n, 1000n]],
    ['mg milligram', [1n, 1_000_000n]],
    ['t tonne Mg', [1000n, 1n]],
    ['lb lbs', [45_359_237n, 100_000_000n]],
  ],
  energy: [
    ['J joule Ws', [1n, 1n]],
    ['mJ', [1n, 1000n]],
    ['kJ', [1000n, 1n]],
    ['MJ', [1_000_000n, 1n]],
    ['Wh', [3600n, 1n]],
    ['kWh', [3_600_000n, 1n]],
    ['mWh', [36n, 10n]],
    ['MWh', [3_600_000_000n, 1n]],
  ],
  force: [
    ['N newton', [1n, 1n]],
    ['mN', [1n, 1000n]],
    ['kN', [1000n, 1n]],
    ['MN', [1_000_000n, 1n]],
  ],
  torque: [
    ['Nm N.m N*m', [1n, 1n]],
    ['kNm kN.m', [1000n, 1n]],
  ],
};

const SIGNS: Readonly<Record<string, string>> = {
  '\u00b5': 'u',
  '\u03bc': 'u',
  '\u00b2': '2',
  '\u00b3': '3',
  '\u2103': 'degC',
  '\u2109': 'degF',
  '\u00b0': 'deg',
  '\u00b7': '.',
  '\u22c5': '.',
  '^': '',
};

/** One way to write a unit's signs: `m³/h` is `m3/h`, `° C` is `degC`. */
export function plainSpelling(unit: string): string {
  return unit.replace(
    /[\u00b5\u03bc\u00b2\u00b3\u2103\u2109\u00b0\u00b7\u22c5^\s]/g,
    (sign) => SIGNS[sign] ?? '',
  );
}

const UNITS = Object.entries(TABLE).flatMap(([quantity, rows]) =>
  rows.flatMap(([spellings, factor, shift = NONE]) => {
    const unit: Unit = { quantity, factor, shift };
    return spellings.split(' ').map((spelling) => ({ spelling, unit }));
  }),
);

const byKey = (key: (spelling: string) => string) =>
  Map.groupBy(UNITS, ({ spelling }) => key(spelling));

const EXACT = byKey((spelling) => spelling);
const IGNORING_CASE = byKey((spelling) => spelling.toLowerCase());

/**
 * The units that a spelling can mean: one, or one per quantity (`g` is a mass and an acceleration).
 * Case is forgiven where nothing else is spelt so (`PSI`, `Celsius`, `KPA`; not `MPA`).
 */
export function findUnits(unit: string): readonly Unit[] {
  const spelling = plainSpelling(unit);
  const exact = EXACT.get(spelling);
  if (exact !== undefined) return exact.map((entry) => entry.unit);
  const found = (IGNORING_CASE.get(spelling.toLowerCase()) ?? []).map((entry) => entry.unit);
  const quantities = new Set(found.map(({ quantity }) => quantity));
  return quantities.size === found.length ? found : [];
}

/** The first spelling of each unit of a quantity. */
export function spellingsOf(quantity: string): string[] {
  return (TABLE[quantity] ?? []).map(([spellings]) => spellings.split(' ')[0]);
}

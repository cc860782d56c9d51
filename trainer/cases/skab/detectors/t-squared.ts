// Hotelling's T² and the residual Q of principal components (Jackson & Mudholkar 1979).
import type { Detector, Readings } from './detector.ts';
import { along, type Component, principalComponents } from './principal-components.ts';
import { standardise } from './standardise.ts';

/** Directions of less variance than this are rounding, and would make anything an alarm. */
const LEAST_VARIANCE = 1e-9;

/** Components are kept until they explain this share of the variance. */
const EXPLAINED = 0.9;

const tSquaredOf = (row: Float64Array, components: readonly Component[]) =>
  components.reduce((sum, component) => sum + along(row, component) ** 2 / component.variance, 0);

function fitComponents(normal: Readings) {
  const scale = standardise(normal);
  const components = principalComponents(normal.map(scale));
  return { scale, components: components.filter(({ variance }) => variance > LEAST_VARIANCE) };
}

/** T² over all directions: the distance from the mean in the covariance of the fit. */
export const tSquared: Detector = {
  name: 'T²',
  fit(normal) {
    const { scale, components } = fitComponents(normal);
    return (row) => tSquaredOf(scale(row), components);
  },
};

const quantile = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];

/** Share of the fit's rows that either statistic is held against, to make them comparable. */
const LIMIT_SHARE = 0.99;

/** T² within the components that explain most, Q = |x|² outside them; the worse of the two counts. */
export const tSquaredAndQ: Detector = {
  name: 'T² + Q (PCA)',
  fit(normal) {
    const { scale, components } = fitComponents(normal);
    const total = components.reduce((sum, { variance }) => sum + variance, 0);
    const kept: Component[] = [];
    let explained = 0;
    for (const component of components) {
      if (explained >= EXPLAINED * total) break;
      kept.push(component);
      explained += component.variance;
    }
    const statistics = (row: Float64Array) => {
      const scaled = scale(row);
      const inside = kept.reduce((sum, component) => sum + along(scaled, component) ** 2, 0);
      const whole = scaled.reduce((sum, value) => sum + value * value, 0);
      return [tSquaredOf(scaled, kept), Math.max(0, whole - inside)] as const;
    };
    const ofFit = normal.map(statistics);
    const limits = [0, 1].map((at) =>
      quantile(
        ofFit.map((pair) => pair[at]),
        LIMIT_SHARE,
      ),
    );
    return (row) => {
      const [t, q] = statistics(row);
      return Math.max(t / limits[0], limits[1] > 0 ? q / limits[1] : 0);
    };
  },
};

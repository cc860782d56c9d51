// The keys that plant.yaml may have at a place, read off its schema.
import * as z from 'zod';
import { projectSchema } from './schema.ts';

/** The parts of a JSON Schema that lead from a place to the places below it. */
interface Place {
  readonly properties?: Readonly<Record<string, Place>>;
  readonly additionalProperties?: Place | boolean;
  readonly items?: Place;
  readonly anyOf?: readonly Place[];
}

const ROOT = z.toJSONSchema(projectSchema, { io: 'input', unrepresentable: 'any' }) as Place;

function below(place: Place, key: PropertyKey): readonly Place[] {
  const { properties, additionalProperties, items, anyOf } = place;
  const named = properties?.[String(key)];
  const other = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const here = typeof key === 'number' ? items : (named ?? other);
  return [here ?? [], (anyOf ?? []).flatMap((branch) => below(branch, key))].flat();
}

const keysOf = ({ properties = {}, anyOf = [] }: Place): string[] => [
  ...Object.keys(properties),
  ...anyOf.flatMap(keysOf),
];

/** Keys that the map at `path` may have; none where they are free, as names of columns are. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  const places = path.reduce<readonly Place[]>(
    (found, key) => found.flatMap((place) => below(place, key)),
    [ROOT],
  );
  return [...new Set(places.flatMap(keysOf))];
}

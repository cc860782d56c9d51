// Answers of two bundles on the same held-out nodes, counted.
import type { NodePlaces } from '../graph/graph-data.ts';
import { type Discordant, type McNemar, mcNemar } from './mcnemar.ts';

export interface ClassComparison extends Discordant {
  readonly name: string;
  /** Held-out nodes of the class. */
  readonly n: number;
  /** Share of them that get it, 0..1. */
  readonly recall: { readonly champion: number; readonly challenger: number };
  /** Share of its answers that are right, 0..1; 0 where it never answers it. */
  readonly precision: { readonly champion: number; readonly challenger: number };
  readonly test: McNemar;
}

/** Machines as the unit instead of windows, which follow each other and are not independent. */
export interface AssetComparison {
  /** Assets, run by run, on which each is right more often. */
  readonly champion: number;
  readonly challenger: number;
  readonly equal: number;
  readonly test: McNemar;
}

export interface Comparison extends Discordant {
  readonly n: number;
  readonly both: number;
  readonly neither: number;
  /** 0..1. */
  readonly accuracy: { readonly champion: number; readonly challenger: number };
  readonly test: McNemar;
  readonly perClass: readonly ClassComparison[];
  /** Where the data says which node is of which asset. */
  readonly perAsset: AssetComparison | undefined;
}

export interface CompareAnswersOptions {
  readonly champion: Int32Array;
  readonly challenger: Int32Array;
  /** Held-out nodes, in the order of the answers; all labelled. */
  readonly nodes: Int32Array;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly places?: NodePlaces | undefined;
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

function perAsset(
  { asset, run }: NodePlaces,
  { champion, challenger, nodes, labels }: CompareAnswersOptions,
): AssetComparison {
  const lead = new Map<string, number>();
  nodes.forEach((node, i) => {
    const key = `${run[node]} ${asset[node]}`;
    const gain = Number(challenger[i] === labels[node]) - Number(champion[i] === labels[node]);
    lead.set(key, (lead.get(key) ?? 0) + gain);
  });
  const leads = [...lead.values()];
  const won = leads.filter((value) => value > 0).length;
  const lost = leads.filter((value) => value < 0).length;
  return {
    champion: lost,
    challenger: won,
    equal: leads.length - won - lost,
    test: mcNemar({ onlyChampion: lost, onlyChallenger: won }),
  };
}

export function compareAnswers(options: CompareAnswersOptions): Comparison {
  const { champion, challenger, nodes, labels, classes, places } = options;
  const empty = () => ({ n: 0, champion: 0, challenger: 0, both: 0, told: [0, 0] });
  const all = empty();
  const own = classes.map(empty);
  nodes.forEach((node, i) => {
    const label = labels[node];
    const right = [champion[i] === label, challenger[i] === label];
    for (const counts of [all, own[label]]) {
      counts.n++;
      counts.champion += Number(right[0]);
      counts.challenger += Number(right[1]);
      counts.both += Number(right[0] && right[1]);
    }
    own[champion[i]].told[0]++;
    own[challenger[i]].told[1]++;
  });
  const discordant = (counts: typeof all) => ({
    onlyChampion: counts.champion - counts.both,
    onlyChallenger: counts.challenger - counts.both,
  });
  const shares = (counts: typeof all, whole: readonly number[]) => ({
    champion: share(counts.champion, whole[0]),
    challenger: share(counts.challenger, whole[1]),
  });
  return {
    n: all.n,
    both: all.both,
    neither: all.n - all.champion - all.challenger + all.both,
    ...discordant(all),
    accuracy: shares(all, [all.n, all.n]),
    test: mcNemar(discordant(all)),
    perClass: own.map((counts, c) => ({
      name: classes[c],
      n: counts.n,
      ...discordant(counts),
      recall: shares(counts, [counts.n, counts.n]),
      precision: shares(counts, counts.told),
      test: mcNemar(discordant(counts)),
    })),
    perAsset: places && perAsset(places, options),
  };
}

// Figures of the ProGMLP paper (Lu et al., AAAI-26; arXiv 2507.19031), to stand beside
// ours. The paper does not state its split, so they indicate, they do not decide.
import type { CellMethod } from './cell.ts';

/** Our folder names, and other usual ones, to the names of the paper's columns. */
const PUBLISHED_NAMES: Readonly<Record<string, string>> = {
  cora: 'Cora',
  pubmed: 'Pubmed',
  'coauthor-cs': 'CS',
  cs: 'CS',
  'coauthor-physics': 'Physics',
  physics: 'Physics',
  'amazon-photo': 'Photo',
  photo: 'Photo',
  'amazon-computers': 'Computers',
  computers: 'Computers',
  'ogbn-arxiv': 'arxiv',
  arxiv: 'arxiv',
};

/** The paper's name of a set, or the set's own. */
export const publishedName = (set: string): string => PUBLISHED_NAMES[set.toLowerCase()] ?? set;

type Column = Readonly<Record<string, number>>;

/** Accuracy in percent by teacher, method and set; Table 2, transductive. */
const TRANSDUCTIVE: Readonly<Record<string, Partial<Record<CellMethod, Column>>>> = {
  gcn: {
    teacher: {
      Cora: 79.03,
      Pubmed: 76.66,
      CS: 90.68,
      Physics: 93.59,
      Photo: 88.57,
      Computers: 77.82,
      arxiv: 68.42,
    },
    'progmlp-paper': {
      Cora: 80.19,
      Pubmed: 77.42,
      CS: 92.43,
      Physics: 94.23,
      Photo: 90.91,
      Computers: 78.82,
      arxiv: 70.11,
    },
    'e-glnn': { Cora: 79.3, Photo: 84.73, Computers: 75.82, CS: 89.79, Physics: 92.65 },
    adagmlp: { Cora: 79.36, Photo: 85.26, Computers: 77.11, CS: 91.69, Physics: 92.71 },
  },
  gat: {
    teacher: {
      Cora: 78.47,
      Pubmed: 75.71,
      CS: 90.42,
      Physics: 92.88,
      Photo: 86.48,
      Computers: 76.82,
      arxiv: 69.25,
    },
    'progmlp-paper': {
      Cora: 80.5,
      Pubmed: 77.63,
      CS: 91.83,
      Physics: 94.16,
      Photo: 88.94,
      Computers: 79.16,
      arxiv: 70.29,
    },
  },
  sage: {
    teacher: {
      Cora: 78.56,
      Pubmed: 75.39,
      CS: 91.84,
      Physics: 92.37,
      Photo: 86.54,
      Computers: 79.32,
      arxiv: 69.7,
    },
    'progmlp-paper': {
      Cora: 79.28,
      Pubmed: 77.84,
      CS: 93.13,
      Physics: 93.7,
      Photo: 87.48,
      Computers: 80.21,
      arxiv: 70.97,
    },
  },
};

/** Inductive, GCN teacher. */
const INDUCTIVE: Column = { Cora: 73.07, Pubmed: 87.95, CS: 93.38, Physics: 95.44 };

/** Cost of inference on arxiv in the paper: teacher and ProGMLP, milliseconds. */
export const PUBLISHED_INFERENCE = { set: 'arxiv', teacherMs: 84.1, progmlpMs: 3.95 } as const;

export interface PublishedQuery {
  readonly set: string;
  readonly teacher: string;
  readonly method: CellMethod;
  readonly setting: 'tran' | 'ind';
}

/** The paper's accuracy in percent; `undefined` where it gives none. */
export function publishedAccuracy(query: PublishedQuery): number | undefined {
  const name = publishedName(query.set);
  if (query.setting === 'tran') return TRANSDUCTIVE[query.teacher]?.[query.method]?.[name];
  const stated = query.teacher === 'gcn' && query.method === 'progmlp-paper';
  return stated ? INDUCTIVE[name] : undefined;
}

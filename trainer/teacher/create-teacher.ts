// The teachers by name.
import { createGat, type GatOptions } from './gat.ts';
import { createGcn } from './gcn.ts';
import type { GraphNetwork } from './graph-network.ts';
import { createSage } from './sage.ts';
import { createSign } from './sign.ts';

export const TEACHERS = ['gcn', 'gat', 'sage', 'sign'] as const;

export type TeacherKind = (typeof TEACHERS)[number];

export interface CreateTeacherOptions extends GatOptions {
  readonly kind: TeacherKind;
}

/** Only `gat` reads heads and attention dropout. @throws {RangeError} see `createGat`. */
export function createTeacher({ kind, ...options }: CreateTeacherOptions): GraphNetwork {
  switch (kind) {
    case 'gcn':
      return createGcn(options);
    case 'gat':
      return createGat(options);
    case 'sage':
      return createSage(options);
    case 'sign':
      return createSign(options);
  }
}

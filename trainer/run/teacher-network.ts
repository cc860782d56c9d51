// A teacher as the options of a run describe it: what it reads and what it is.
import type { Adjacency, GraphData } from '../graph/graph-data.ts';
import { type FeatureProduct, featureProduct } from '../network/feature-product.ts';
import { createTeacher } from '../teacher/create-teacher.ts';
import { scaleInput } from '../teacher/scale-input.ts';
import type { PreparedData } from './prepare.ts';
import type { TeacherMember } from './train-options.ts';

/** X of all nodes by rows, scaled for the teacher. */
export const teacherRows = (
  data: Pick<PreparedData, 'teacherRows'>,
  { teacherInput }: Pick<TeacherMember, 'teacherInput'>,
) => scaleInput(data.teacherRows, teacherInput);

export const teacherFeatures = (
  data: PreparedData,
  options: Pick<TeacherMember, 'teacherInput'>,
): FeatureProduct => featureProduct(teacherRows(data, options));

export interface TeacherNetworkOptions {
  readonly member: TeacherMember;
  readonly graph: GraphData;
  readonly features: FeatureProduct;
  readonly adjacency: Adjacency;
}

/** @throws {RangeError} see `createGat`. */
export function teacherNetwork({ member, graph, features, adjacency }: TeacherNetworkOptions) {
  return createTeacher({
    kind: member.teacher,
    features,
    adjacency,
    classes: graph.classes.length,
    hidden: member.teacherHidden,
    depth: member.teacherDepth,
    dropout: member.teacherDropout,
    heads: member.teacherHeads,
    outputHeads: member.teacherOutputHeads,
    attentionDropout: member.teacherAttentionDropout,
  });
}

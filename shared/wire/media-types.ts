// Media types of the edge's bodies, apart from schemas so that a browser loads no validator for them.

/** RFC 9457. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
export const SAFETENSORS_MEDIA_TYPE = 'application/vnd.safetensors';

// Apart from secret.ts, so that what makes an operator key outside of a Worker can hold to it.

/** A shorter bootstrap secret could be guessed online; it is treated as unset. */
export const MIN_OPERATOR_KEY_LENGTH = 16;

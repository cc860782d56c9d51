// Node numbers as they appear in files.

/** A whole number 0..limit−1 from its decimal digits (spaces around it allowed); −1 for anything else. */
export function parseNode(text: string, limit: number): number {
  const digits = text.trim();
  // 10 digits hold every int32; longer ones could round to an accepted number.
  if (digits.length === 0 || digits.length > 10) return -1;
  let value = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value < limit ? value : -1;
}

/**
 * A GTIN-8, -12, -13 or -14 with a right check digit → its 14-digit form, else null (GS1 General Specifications, 7.9: weights 3 and 1
 * from the right, the sum with the check digit is a multiple of ten).
 */
export function parseGtin(text: string): string | null {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return null;
  const digits = text.padStart(14, '0');
  let sum = 0;
  for (let i = 0; i < 14; i++) sum += Number(digits[i]) * (i % 2 === 0 ? 3 : 1);
  return sum % 10 === 0 ? digits : null;
}

/** The check digit that belongs behind 7, 11, 12 or 13 digits. */
export function gtinCheckDigit(digits: string): number {
  const padded = digits.padStart(13, '0');
  let sum = 0;
  for (let i = 0; i < 13; i++) sum += Number(padded[i]) * (i % 2 === 0 ? 3 : 1);
  return (10 - (sum % 10)) % 10;
}

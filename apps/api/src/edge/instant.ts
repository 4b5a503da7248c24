import { Matches } from 'class-validator';

/** `2026-11-21T08:30Z`, seconds and fractions optional, the offset not: nothing that a Date could not hold. */
const INSTANT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** An instant in ISO 8601 with its offset. */
export function IsInstant(): PropertyDecorator {
  return Matches(INSTANT, { message: '$property 须为带时区的时间，例如 2026-11-21T08:30:00+08:00' });
}

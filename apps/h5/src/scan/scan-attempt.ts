import { recall, remember } from '../shell/session-memory';
import type { ScanLocation, ScanRequest } from '../shell/wire';

/**
 * One chance = one scanId. Retry, reload, back button and a second tap all send the same one, so the server answers
 * byte for byte the same; only a deliberate new try (with location, or after waiting) gets another.
 */
export interface ScanAttempt {
  scanId: string;
  withoutLocation: boolean;
  /** The server already answered this attempt once: its award state may be older than the award. */
  answered: boolean;
}

/** Precise place stays in memory: after a reload the server either knows the attempt already or asks again. */
const locations = new Map<string, ScanLocation>();

const keyOf = (code: string) => `yima.scan.${code}`;

export function currentAttempt(code: string): ScanAttempt {
  const saved = recall(keyOf(code));
  if (saved !== null) return JSON.parse(saved) as ScanAttempt;
  return newAttempt(code, {});
}

export function newAttempt(code: string, how: { location?: ScanLocation; withoutLocation?: true }): ScanAttempt {
  const attempt: ScanAttempt = {
    scanId: randomUuid(),
    withoutLocation: how.withoutLocation === true,
    answered: false,
  };
  if (how.location !== undefined) locations.set(attempt.scanId, how.location);
  remember(keyOf(code), JSON.stringify(attempt));
  return attempt;
}

export function markAnswered(code: string, attempt: ScanAttempt): void {
  remember(keyOf(code), JSON.stringify({ ...attempt, answered: true }));
}

export function requestOf(code: string, attempt: ScanAttempt): ScanRequest {
  const location = locations.get(attempt.scanId);
  return {
    scanId: attempt.scanId,
    code,
    ...(location === undefined ? {} : { location }),
    ...(attempt.withoutLocation ? { withoutLocation: true as const } : {}),
  };
}

/** crypto.randomUUID exists only on https: a phone that plays along over the LAN has plain http. */
export function randomUuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

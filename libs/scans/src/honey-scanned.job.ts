import { z } from 'zod';
import { defineJob } from '@app/jobs';
import { SCAN_ID_PATTERN } from '@app/kernel';

const MOST = 500;

/** Honey codes were scanned: somebody has the file of a pack who should not. Scans of one committed group, as `[memberId, scanId]`. */
export const HoneyScanned = defineJob({
  name: 'scans.honey-scanned',
  queue: 'alarms',
  payload: z.object({
    scans: z
      .array(z.tuple([z.number().int().positive(), z.string().regex(SCAN_ID_PATTERN)]))
      .min(1)
      .max(MOST),
  }),
  attempts: 8,
  backoff: { initialMs: 500, maxMs: 60_000 },
  key: ({ scans: [first] }) => first!.join('-'),
});

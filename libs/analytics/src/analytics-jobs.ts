import { z } from 'zod';
import { defineJob } from '@app/jobs';
import { SCAN_ID_PATTERN } from '@app/kernel';

const MAX_SCANS = 500;

/** Scans of one committed group, at most 500, as `[memberId, scanId]`. The handler reads the rows of `scans` itself. */
export const AnalyticsScansRecorded = defineJob({
  name: 'analytics.scans-recorded',
  queue: 'analytics',
  payload: z.object({
    scans: z
      .array(z.tuple([z.number().int().positive(), z.string().regex(SCAN_ID_PATTERN)]))
      .min(1)
      .max(MAX_SCANS),
  }),
  attempts: 8,
  backoff: { initialMs: 500, maxMs: 60_000 },
  key: ({ scans }) => `${scans[0]![0]}:${scans[0]![1]}+${scans.length}`,
});

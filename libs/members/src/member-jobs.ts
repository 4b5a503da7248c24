import { z } from 'zod';
import { defineJob } from '@app/jobs';
import { SCAN_ID_PATTERN } from '@app/kernel';

const MAX_SCANS = 500;
const memberNumber = z.number().int().positive();

/** Scans of one committed group, at most 500, as `[memberId, scanId]`. The handler reads the rows of `scans` itself. */
export const MembersScansRecorded = defineJob({
  name: 'members.scans-recorded',
  queue: 'members',
  payload: z.object({
    scans: z
      .array(z.tuple([memberNumber, z.string().regex(SCAN_ID_PATTERN)]))
      .min(1)
      .max(MAX_SCANS),
  }),
  attempts: 8,
  backoff: { initialMs: 500, maxMs: 60_000 },
  key: ({ scans }) => `${scans[0]![0]}:${scans[0]![1]}+${scans.length}`,
});

/** Money that reached a member, or came back. The amount stands in the event row, written in the sender's transaction. */
export const MembersPayoutSettled = defineJob({
  name: 'members.payout-settled',
  queue: 'members',
  payload: z.object({ memberId: memberNumber, eventKey: z.string().min(1).max(96) }),
  attempts: 8,
  backoff: { initialMs: 500, maxMs: 60_000 },
  key: ({ memberId, eventKey }) => `${memberId}:${eventKey}`.slice(0, 96),
});

import { z } from 'zod';
import { defineJob } from '@app/jobs';

/** Runs one replay that HQ asked for. It may take minutes; see ReplayCampaignHandler for how it bears being delivered meanwhile. */
export const ReplayCampaign = defineJob({
  name: 'scans.replay-campaign',
  queue: 'replays',
  payload: z.object({ replayId: z.number().int().positive() }),
  attempts: 3,
  backoff: { initialMs: 2_000, maxMs: 30_000 },
  key: ({ replayId }) => `replay:${replayId}`,
});

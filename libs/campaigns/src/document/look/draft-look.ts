import { z } from 'zod';
import { campaignSchema } from '../campaign-schema';
import { plainDocumentProblem } from '../plain-document';
import { campaignLook, type CampaignLook } from './campaign-look';

/** The two parts that the look is made of; a faulty one counts as not written yet. */
const parts = z.object({
  look: campaignSchema.shape.look.catch(undefined),
  copy: campaignSchema.shape.copy.partial().catch({}),
});

/** The look of a document that may be faulty elsewhere, and may have a colour that the linter refuses: what the author sees while writing. */
export function draftLook(input: unknown): CampaignLook | null {
  if (plainDocumentProblem(input)) return null;
  const read = parts.safeParse(input);
  return read.success ? campaignLook(read.data) : null;
}

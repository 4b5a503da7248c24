import type { CampaignDocument } from '../model/document';

interface Kept {
  readonly at: string;
  readonly document: CampaignDocument;
}

const nameOf = (campaignId: number): string => `campaign-draft-${campaignId}`;

/** What was typed and never reached the server, kept in this browser so that a closed window loses nothing. */
export const keptDraft = {
  read(campaignId: number): Kept | null {
    try {
      const text = localStorage.getItem(nameOf(campaignId));
      return text === null ? null : (JSON.parse(text) as Kept);
    } catch {
      return null;
    }
  },
  write(campaignId: number, document: CampaignDocument): void {
    try {
      localStorage.setItem(nameOf(campaignId), JSON.stringify({ at: new Date().toISOString(), document }));
    } catch {
      // A full or forbidden store: the server keeps the draft as soon as it is sound.
    }
  },
  drop(campaignId: number): void {
    try {
      localStorage.removeItem(nameOf(campaignId));
    } catch {
      // Nothing was kept then.
    }
  },
};

export class PersonDto {
  id: number;
  name: string;
}

export class SubmissionDto {
  id: number;
  campaignId: number;
  state: 'pending' | 'approved' | 'rejected' | 'withdrawn';
  /** What an approval must name. */
  contentHash: string;
  submittedBy: PersonDto;
  draftedBy: PersonDto | null;
  submittedAt: Date;
  note: string;
  confirmedBy: PersonDto | null;
  confirmedReason: string | null;
  decidedBy: PersonDto | null;
  decidedAt: Date | null;
  decisionNote: string | null;
  versionId: number | null;
}

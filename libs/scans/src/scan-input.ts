import type { CodeTriple, MemberId, ScanId } from '@app/kernel';
import type { PhoneLocation, Place } from '@app/regions';

/** What arrives with one scan. */
export interface ScanInput {
  readonly member: MemberId;
  readonly scanId: ScanId;
  /** As typed or scanned: any case, with or without dashes. */
  readonly code: string;
  /** Of the phone, not of a proxy; null when unknown. */
  readonly ip: string | null;
  readonly location: PhoneLocation | null;
  /** The member chose the nationwide prize instead of sharing a location. */
  readonly withoutLocation: boolean;
}

/** A scan of a genuine-looking code on its way into a transaction. */
export interface PreparedScan {
  readonly member: MemberId;
  readonly scanId: ScanId;
  readonly codeText: string;
  readonly code: CodeTriple;
  readonly place: Place;
  readonly withoutLocation: boolean;
}

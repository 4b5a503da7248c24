import type { MemberScanFacts, ScanFacts } from '../decision';
import type { Trust } from '../document/campaign-content';

/** At most this many scans a chunk, so that indices into its dictionaries fit 16 bits. */
export const CHUNK_ROWS = 65_536;

/** What does not change from scan to scan of the same goods. */
export type ItemFacts = Pick<ScanFacts, 'product' | 'productLine' | 'lot' | 'shippedTo'>;
/** What is known of a member and does not follow from what they scanned before. */
export type PersonFacts = Omit<MemberScanFacts, 'id' | 'isNew' | 'daysSinceLastScan'>;

/** Numbers as they stand in chunks; never renumber. */
export const CHUNK_TRUSTS: readonly Trust[] = ['unknown', 'disputed', 'claimed', 'ip', 'agreed'];

/** Bits of `ScanChunk.flags`. */
export const SCAN_FLAG = {
  /** A campaign was asked: the code was unused and nobody held it. */
  decided: 1,
  /** Refused because another member held the code. */
  held: 2,
  /** The member is the first who ever scanned this code. */
  firstQuery: 4,
  withoutLocation: 8,
  /** It used the code up. */
  counted: 16,
  /** It won something other than 谢谢参与. */
  won: 32,
} as const;

/** Not known, in the columns that have no room for null. */
export const UNKNOWN_16 = 0xffff;
export const UNKNOWN_32 = 0xffff_ffff;

/** Scans of active codes of consumer-prize layers, in the order of time, packed by column: 32 bytes a scan and a few dictionaries. */
export interface ScanChunk {
  readonly count: number;
  /** Milliseconds since 1970 of the earliest scan; `at` counts from it. */
  readonly base: number;
  readonly at: Uint32Array;
  readonly flags: Uint8Array;
  /** Index into `members`. */
  readonly member: Uint16Array;
  /** Index into `runs`. */
  readonly run: Uint16Array;
  readonly serial: Uint32Array;
  /** Index into `items`. */
  readonly item: Uint16Array;
  /** Index into `persons`; UNKNOWN_16 on scans that kept no facts. */
  readonly person: Uint16Array;
  /** Six digits, 0 = unknown. */
  readonly adcode: Uint32Array;
  /** Index into CHUNK_TRUSTS. */
  readonly trust: Uint8Array;
  /** Metres, rounded up; UNKNOWN_16 = not known. */
  readonly accuracyM: Uint16Array;
  /** What really happened: the campaign that decided (0 = none) and the fen that were won. */
  readonly campaign: Uint32Array;
  readonly amountFen: Uint32Array;
  readonly members: readonly ChunkMember[];
  readonly runs: readonly { readonly batch: number; readonly layer: number }[];
  readonly items: readonly ItemFacts[];
  readonly persons: readonly PersonFacts[];
}

export interface ChunkMember {
  readonly id: number;
  /** How the member stood before their first decided scan of this chunk; null when none of theirs was decided. */
  readonly standing: Standing | null;
}

/** Codes the member had used up, as decided scans keep it. */
export interface Standing {
  readonly at: number;
  readonly ever: number;
  readonly day: number;
  readonly daysSinceLastScan: number | null;
  /** By campaign id. */
  readonly campaigns: Readonly<Record<string, number>>;
}

/** One recorded scan on its way into a chunk. */
export interface RecordedScan {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly member: number;
  readonly code: { readonly batch: number; readonly layer: number; readonly serial: number };
  readonly item: ItemFacts;
  readonly region: ScanFacts['region'];
  /** Null on scans that kept no facts: repeats, and codes held for somebody else. */
  readonly person: PersonFacts | null;
  readonly standing: Standing | null;
  readonly held: boolean;
  readonly firstQuery: boolean;
  readonly withoutLocation: boolean;
  readonly real: {
    readonly counted: boolean;
    readonly won: boolean;
    readonly campaignId: number | null;
    readonly amountFen: number;
  };
}

import { Defect } from '@app/kernel';
import {
  CHUNK_ROWS,
  CHUNK_TRUSTS,
  SCAN_FLAG,
  UNKNOWN_16,
  UNKNOWN_32,
  type ChunkMember,
  type ItemFacts,
  type PersonFacts,
  type RecordedScan,
  type ScanChunk,
  type Standing,
} from './scan-chunk';

interface Columns {
  readonly at: Float64Array;
  readonly flags: Uint8Array;
  readonly member: Uint16Array;
  readonly run: Uint16Array;
  readonly serial: Uint32Array;
  readonly item: Uint16Array;
  readonly person: Uint16Array;
  readonly adcode: Uint32Array;
  readonly trust: Uint8Array;
  readonly accuracyM: Uint16Array;
  readonly campaign: Uint32Array;
  readonly amountFen: Uint32Array;
}

/** Packs recorded scans, which come in the order of time, into one chunk. */
export class ChunkBuilder {
  private count = 0;
  private readonly columns: Columns;
  private readonly memberIndex = new Map<number, number>();
  private readonly members: { id: number; standing: Standing | null }[] = [];
  private readonly runs = new Dictionary<{ batch: number; layer: number }>();
  private readonly items = new Dictionary<ItemFacts>();
  private readonly persons = new Dictionary<PersonFacts>();

  constructor(private readonly rows = CHUNK_ROWS) {
    if (rows > CHUNK_ROWS) throw new Defect(`a chunk holds at most ${CHUNK_ROWS} scans`);
    this.columns = emptyColumns(rows);
  }

  get full(): boolean {
    return this.count === this.rows;
  }

  get size(): number {
    return this.count;
  }

  /** Throws Defect when the chunk is full. */
  add(scan: RecordedScan): void {
    if (this.full) throw new Defect('the chunk is full');
    const { columns } = this;
    const at = this.count++;
    columns.at[at] = scan.at;
    columns.flags[at] = flagsOf(scan);
    columns.member[at] = this.memberOf(scan);
    columns.run[at] = this.runs.indexOf({ batch: scan.code.batch, layer: scan.code.layer });
    columns.serial[at] = scan.code.serial;
    columns.item[at] = this.items.indexOf(scan.item);
    columns.person[at] = scan.person === null ? UNKNOWN_16 : this.persons.indexOf(scan.person);
    columns.adcode[at] = scan.region.adcode ?? 0;
    columns.trust[at] = CHUNK_TRUSTS.indexOf(scan.region.trust);
    columns.accuracyM[at] = metres(scan.region.accuracyM);
    columns.campaign[at] = scan.real.campaignId ?? 0;
    columns.amountFen[at] = Math.min(scan.real.amountFen, UNKNOWN_32);
  }

  build(): ScanChunk {
    const { count, columns } = this;
    const base = count === 0 ? 0 : columns.at[0]!;
    return {
      count,
      base,
      at: Uint32Array.from(columns.at.subarray(0, count), (at) => at - base),
      flags: columns.flags.slice(0, count),
      member: columns.member.slice(0, count),
      run: columns.run.slice(0, count),
      serial: columns.serial.slice(0, count),
      item: columns.item.slice(0, count),
      person: columns.person.slice(0, count),
      adcode: columns.adcode.slice(0, count),
      trust: columns.trust.slice(0, count),
      accuracyM: columns.accuracyM.slice(0, count),
      campaign: columns.campaign.slice(0, count),
      amountFen: columns.amountFen.slice(0, count),
      members: this.members satisfies readonly ChunkMember[],
      runs: this.runs.values,
      items: this.items.values,
      persons: this.persons.values,
    };
  }

  private memberOf({ member, standing }: RecordedScan): number {
    let index = this.memberIndex.get(member);
    if (index === undefined) {
      index = this.members.push({ id: member, standing: null }) - 1;
      this.memberIndex.set(member, index);
    }
    const known = this.members[index]!;
    known.standing ??= standing;
    return index;
  }
}

/** Equal values get one number. Values are plain objects whose keys always stand in the same order. */
class Dictionary<T> {
  readonly values: T[] = [];
  private readonly index = new Map<string, number>();

  indexOf(value: T): number {
    const text = JSON.stringify(value);
    let at = this.index.get(text);
    if (at === undefined) {
      at = this.values.push(value) - 1;
      this.index.set(text, at);
    }
    return at;
  }
}

function emptyColumns(rows: number): Columns {
  return {
    at: new Float64Array(rows),
    flags: new Uint8Array(rows),
    member: new Uint16Array(rows),
    run: new Uint16Array(rows),
    serial: new Uint32Array(rows),
    item: new Uint16Array(rows),
    person: new Uint16Array(rows),
    adcode: new Uint32Array(rows),
    trust: new Uint8Array(rows),
    accuracyM: new Uint16Array(rows),
    campaign: new Uint32Array(rows),
    amountFen: new Uint32Array(rows),
  };
}

function flagsOf({ person, held, firstQuery, withoutLocation, real }: RecordedScan): number {
  return (
    (person === null ? 0 : SCAN_FLAG.decided) |
    (held ? SCAN_FLAG.held : 0) |
    (firstQuery ? SCAN_FLAG.firstQuery : 0) |
    (withoutLocation ? SCAN_FLAG.withoutLocation : 0) |
    (real.counted ? SCAN_FLAG.counted : 0) |
    (real.won ? SCAN_FLAG.won : 0)
  );
}

/** Rounded up: only whether it is small enough is ever asked. */
function metres(accuracyM: number | null | undefined): number {
  return accuracyM === null || accuracyM === undefined ? UNKNOWN_16 : Math.min(Math.ceil(accuracyM), UNKNOWN_16 - 1);
}

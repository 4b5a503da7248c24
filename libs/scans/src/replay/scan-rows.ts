import type { PersonFacts, RecordedScan, Standing } from '@app/campaigns';
import { type Reader, textOf } from '@app/database';
import { inputsFromText } from '../decision-inputs';
import { TRUSTS } from '../scan-records.repository';
import { VERDICTS } from '../scan-outcome';

const ROWS_AT_ONCE = 4_000;

interface Row {
  readonly member_id: string;
  readonly scan_id: Buffer;
  readonly at: Date;
  readonly us: number;
  readonly batch_id: number;
  readonly layer: number;
  readonly serial: number;
  readonly verdict: number;
  readonly counted: number;
  readonly adcode: number | null;
  readonly trust: number;
  readonly product_id: number;
  readonly campaign_id: number | null;
  readonly amount_fen: string;
  readonly refusal: Buffer | null;
  readonly facts: string;
  readonly line: Buffer | null;
  readonly purpose: Buffer | null;
  readonly first_member_id: string | null;
  readonly prize_kind: Buffer | null;
}

/**
 * Scans of active consumer-prize codes in `[from, to)`, in the order in which they were decided. A group of scans shares one instant;
 * inside it the ordinals that decided scans keep tell the order, and repeats, which change nothing, come last.
 */
export async function* recordedScans(reader: Reader, from: Date, to: Date): AsyncGenerator<RecordedScan> {
  let tied: Row[] = [];
  for await (const row of rowsOf(reader, from, to)) {
    const [first] = tied;
    if (first && (first.at.getTime() !== row.at.getTime() || first.us !== row.us)) {
      yield* inOrder(tied);
      tied = [];
    }
    tied.push(row);
  }
  yield* inOrder(tied);
}

async function* rowsOf(reader: Reader, from: Date, to: Date): AsyncGenerator<Row> {
  let last: Row | null = null;
  for (;;) {
    const rows: Row[] = await page(reader, from, to, last);
    yield* rows;
    if (rows.length < ROWS_AT_ONCE) return;
    last = rows.at(-1)!;
  }
}

/** By the index on time, which ends in the primary key; instants are given back as the microseconds they were read with. */
function page(reader: Reader, from: Date, to: Date, last: Row | null): Promise<Row[]> {
  const start = last ? instantOf(last) : from;
  const after = last ? 'AND (s.at > ? OR (s.at = ? AND (s.member_id, s.scan_id) > (?, ?)))' : '';
  return reader.query<Row>(
    `SELECT s.member_id, s.scan_id, s.at, MICROSECOND(s.at) AS us, s.batch_id, s.layer, s.serial, s.verdict, s.counted, s.adcode,
            s.trust, s.product_id, s.campaign_id, s.amount_fen, s.refusal, s.facts, p.line, l.purpose, c.first_member_id, a.prize_kind
       FROM scans s FORCE INDEX (ix_scans_at)
       LEFT JOIN products p ON p.id = s.product_id
       LEFT JOIN code_batch_layers l ON l.batch_id = s.batch_id AND l.layer = s.layer
       LEFT JOIN code_claims c ON c.batch_id = s.batch_id AND c.layer = s.layer AND c.serial = s.serial
       LEFT JOIN awards a ON a.batch_id = s.batch_id AND a.layer = s.layer AND a.serial = s.serial AND a.slot = 0
                         AND a.member_id = s.member_id AND a.scan_id = s.scan_id
      WHERE s.at >= ? AND s.at < ? ${after}
      ORDER BY s.at, s.member_id, s.scan_id LIMIT ${ROWS_AT_ONCE}`,
    [start, to, ...(last ? [start, start, last.member_id, last.scan_id] : [])],
  );
}

/** `DATETIME(6)` as text: a Date would lose the microseconds. */
function instantOf({ at, us }: Row): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}.${String(us).padStart(6, '0')}`;
}

const ASKED = new Set([VERDICTS.indexOf('first'), VERDICTS.indexOf('repeat')]);

function inOrder(rows: readonly Row[]): RecordedScan[] {
  const scans = rows.filter(concernsCampaigns).map(recordedOf);
  return scans.length < 2 ? scans : scans.sort((a, b) => rank(a) - rank(b) || counted(a) - counted(b));
}

function rank({ standing }: RecordedScan): number {
  return standing?.ever ?? Number.MAX_SAFE_INTEGER;
}

function counted({ real }: RecordedScan): number {
  return real.counted ? 1 : 0;
}

/** Codes that were not active, and layers that never pay, are no campaign's business. */
function concernsCampaigns({ verdict, purpose }: Row): boolean {
  return ASKED.has(verdict) && purpose !== null && textOf(purpose) === 'prize';
}

function recordedOf(row: Row): RecordedScan {
  const inputs = row.facts === '{}' ? null : inputsFromText(row.facts);
  const facts = inputs?.facts;
  const kind = row.prize_kind === null ? null : textOf(row.prize_kind);
  return {
    at: row.at.getTime(),
    member: Number(row.member_id),
    code: { batch: row.batch_id, layer: row.layer, serial: row.serial },
    item: {
      product: row.product_id,
      productLine: facts?.productLine ?? (row.line === null ? '' : textOf(row.line)),
      lot: facts?.lot ?? null,
      shippedTo: facts?.shippedTo ?? { distributor: null, store: null },
    },
    region: facts?.region ?? { adcode: row.adcode, trust: TRUSTS[row.trust]!, accuracyM: null },
    person: facts ? personOf(facts.member) : null,
    standing: facts ? standingOf(facts, row) : null,
    held: row.refusal !== null && textOf(row.refusal) === 'held',
    firstQuery: row.first_member_id === row.member_id,
    withoutLocation: inputs?.options.withoutLocation ?? false,
    real: {
      counted: row.counted === 1,
      won: kind !== null && kind !== 'nothing',
      campaignId: row.campaign_id,
      amountFen: Number(row.amount_fen),
    },
  };
}

type Facts = ReturnType<typeof inputsFromText>['facts'];

/** Always the same keys in the same order: equal people share one entry of a chunk. */
function personOf({ tier, tags, audiences, phoneBound, follows, shared, risk }: Facts['member']): PersonFacts {
  return { tier, tags, audiences, phoneBound, follows, shared, risk };
}

/** The ordinals that a scan would have had are one more than what had been used up. */
function standingOf({ nthScan, member }: Facts, { at, facts }: Row): Standing {
  const { n } = JSON.parse(facts) as { n: readonly [number, number, Record<string, number>?] };
  const campaigns = Object.fromEntries(Object.entries(n[2] ?? {}).map(([id, nth]) => [id, nth - 1]));
  return {
    at: at.getTime(),
    ever: nthScan.ever - 1,
    day: nthScan.day - 1,
    daysSinceLastScan: member.daysSinceLastScan,
    campaigns,
  };
}

import { Inject, Injectable } from '@nestjs/common';
import { counter, LOGGER, type Logger } from '@app/observability';
import { textOf, type Tx } from '@app/database';
import { fen, fenFromColumn, memberId, type MemberId } from '@app/kernel';
import { MemberEventsRepository, type NewMemberEvent } from './member-events.repository';
import { foldEvents, type MemberEvent } from './member-totals';
import { MembersRepository, type MemberRow } from './members.repository';
import { SpendWindow } from './spend-window';

const orphans = counter('member_fold_orphans_total', 'Scans whose member is not there');

interface ScanRow {
  member_id: string;
  scan_id: Buffer;
  at: Date;
  batch_id: number;
  layer: number;
  serial: number;
  verdict: number;
  counted: number;
  adcode: number | null;
  product_id: number;
  campaign_id: number | null;
  amount_fen: string;
  price_fen: string;
}

/** Turns recorded scans into events of their members and adds those that are new to the totals, all in the caller's transaction. */
@Injectable()
export class FoldScans {
  constructor(
    private readonly members: MembersRepository,
    private readonly events: MemberEventsRepository,
    private readonly spend: SpendWindow,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Applying the same scans again changes nothing. */
  async run(tx: Tx, scans: readonly (readonly [number, string])[]): Promise<void> {
    const recorded = (await this.readScans(tx, scans)).map(scanEvent);
    // The lock on the members comes before the look for known events: of two folds of one scan, the second sees the first.
    const effective = await this.members.lockEffective(
      tx,
      recorded.map((event) => event.memberId),
    );
    const known = await this.events.present(
      tx,
      recorded.map((event) => [event.memberId, event.eventKey] as const),
    );
    const fresh = recorded.filter((event) => !known.has(`${event.memberId}/${event.eventKey}`));
    const placed = fresh.filter((event) => effective.has(event.memberId));
    if (placed.length < fresh.length) {
      orphans.inc(fresh.length - placed.length);
      this.log.error({ scans: fresh.length - placed.length }, 'scans of members that do not exist');
    }
    await this.events.insert(tx, placed);
    await addToTotals(tx, this.members, effective, placed, await this.spend.from(tx));
  }

  private readScans(tx: Tx, scans: readonly (readonly [number, string])[]): Promise<ScanRow[]> {
    return tx.query<ScanRow>(
      `SELECT member_id, scan_id, at, batch_id, layer, serial, verdict, counted, adcode, product_id, campaign_id, amount_fen, price_fen
         FROM scans WHERE (member_id, scan_id) IN (${scans.map(() => '(?,?)').join(',')})`,
      scans.flat(),
    );
  }
}

/** Adds new events to the rows that `lockEffective` returned. */
export async function addToTotals(
  tx: Tx,
  members: MembersRepository,
  effective: ReadonlyMap<MemberId, MemberRow>,
  events: readonly MemberEvent[],
  spendFrom: Date,
): Promise<void> {
  const changed = new Map<MemberId, MemberRow>();
  for (const event of events) {
    const target = effective.get(event.memberId)!;
    const row = changed.get(target.id) ?? target;
    changed.set(target.id, { ...row, totals: foldEvents(row.totals, [event], spendFrom) });
  }
  await members.writeTotals(tx, [...changed.values()]);
}

/** 消费值 counts what a member opened: a consumed code is genuine, on a prize layer, and consumed by one member once. */
function scanEvent(row: ScanRow): NewMemberEvent {
  const consumed = row.counted === 1;
  return {
    memberId: memberId(row.member_id),
    eventKey: `scan:${textOf(row.scan_id)}`,
    kind: consumed ? 'consume' : 'scan',
    at: row.at,
    amountFen: fenFromColumn(row.amount_fen),
    spendFen: consumed ? fenFromColumn(row.price_fen) : fen(0),
    adcode: row.adcode,
    data: {
      batch: row.batch_id,
      layer: row.layer,
      serial: row.serial,
      product: row.product_id,
      campaign: row.campaign_id,
      verdict: row.verdict,
    },
    folded: true,
  };
}

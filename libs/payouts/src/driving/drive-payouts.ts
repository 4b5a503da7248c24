import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { GroupLine, UnitOfWork } from '@app/database';
import { Defect, Transient } from '@app/kernel';
import { BeginExchanges, type Begun, type Wanted } from './begin-exchanges';
import type { Exchange } from './exchange';
import type { Ended } from './judge-exchanges';
import { PrepareSends, type Looked } from './prepare-sends';
import { RecordOutcome } from './record-outcome';
import { Talk, type Place } from './talk';
import { UnpayablePayouts } from './unpayable-payouts';

/** Exchanges of one call at most: query, resend, cancel, and one to spare. */
const MAX_EXCHANGES = 4;
const LARGEST_GROUP = 64;
/** With so many under way there is a backlog: results come at the pace of the channel's limit, and wait a little to be recorded together. */
const BACKLOG = 32;
const RECORD = { until: 16, ms: 100 };

/**
 * The line that every payout goes down, many at a time: look at it, commit what is about to be said, talk to WeChat with no transaction
 * open, record the result under the attempt number it took. Each step but the talking takes whoever waits for it as one group. May run
 * any number of times, anywhere, for any payout.
 */
@Injectable()
export class DrivePayouts implements OnModuleDestroy {
  private readonly looks: GroupLine<string, Looked | null>;
  private readonly begins: GroupLine<Wanted, Begun>;
  private readonly records: GroupLine<Ended, Exchange | null>;
  private underWay = 0;
  private stopping = false;

  constructor(
    unitOfWork: UnitOfWork,
    prepare: PrepareSends,
    begin: BeginExchanges,
    record: RecordOutcome,
    private readonly talk: Talk,
    private readonly unpayable: UnpayablePayouts,
  ) {
    const largest = LARGEST_GROUP;
    this.looks = new GroupLine({ writers: 1, largest }, String, (keys) => prepare.run(keys));
    this.begins = new GroupLine(
      { writers: 1, largest },
      ({ payoutKey }) => payoutKey,
      (wanted) => unitOfWork.run((tx) => begin.run(tx, wanted)),
    );
    this.records = new GroupLine(
      { writers: 2, largest, linger: { ...RECORD, when: () => this.underWay >= BACKLOG } },
      ({ exchange }) => exchange.payoutKey,
      (ended) => unitOfWork.run((tx) => record.byExchanges(tx, ended)),
    );
  }

  /** A process that shuts down begins nothing more; what is under way ends by itself. */
  onModuleDestroy(): void {
    this.stopping = true;
  }

  /**
   * Drives these payouts a step further, all at once; none waits for another to end. Does nothing for one that is unknown, finished, not
   * due, or driven by somebody else. `urgent`: somebody is looking at the screen. Throws when all are through, if one of them could not be
   * driven: its error, or an AggregateError of several.
   */
  async run(payoutKeys: readonly string[], { urgent = false } = {}): Promise<void> {
    const ends = await Promise.allSettled(payoutKeys.map((payoutKey) => this.one(payoutKey, urgent)));
    const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} payouts could not be driven`);
  }

  private async one(payoutKey: string, urgent: boolean): Promise<void> {
    const looked = await this.looks.submit(payoutKey);
    if (looked === null) return;
    const { payout, prepared } = looked;
    if (prepared === 'nobody') return this.unpayable.note(payoutKey);
    const place = await this.talk.place(payout, urgent);
    this.underWay++;
    try {
      const exchange = await this.begun({ payoutKey, prepared });
      if (exchange !== null) await this.converse(exchange, place);
    } finally {
      this.underWay--;
      place.leave();
    }
  }

  private async begun(wanted: Wanted): Promise<Exchange | null> {
    if (this.stopping) throw new Transient('this process shuts down');
    const begun = await this.begins.submit(wanted);
    if (begun instanceof Defect) throw begun;
    return begun;
  }

  private async converse(first: Exchange, place: Place): Promise<void> {
    let exchange: Exchange | null = first;
    for (let count = 0; exchange !== null && count < MAX_EXCHANGES; count++) {
      exchange = await this.records.submit(await this.talk.run(exchange, place));
    }
  }
}

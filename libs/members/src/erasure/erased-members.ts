import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';

const EVERY_MS = 2000;
const DAY_MS = 86_400_000;
/** Longer than any session lives: who was erased before that has none any more. */
const REMEMBERED_DAYS = 35;
/** Transactions commit a little later than the instant they write down. */
const OVERLAP_S = 60;

/**
 * Who was erased lately. A session is a signed cookie that nobody can take back from another phone, so every process keeps this short
 * list in memory and asks it before it believes one; it is at most two seconds behind.
 */
@Injectable()
export class ErasedMembers implements OnModuleInit, OnApplicationShutdown {
  private readonly known = new Set<MemberId>();
  private since = new Date(Date.now() - REMEMBERED_DAYS * DAY_MS);
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.look();
    this.timer = setInterval(
      () => (this.looking ??= this.look().finally(() => (this.looking = null))),
      EVERY_MS,
    ).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.looking;
  }

  has(member: MemberId): boolean {
    return this.known.has(member);
  }

  /** This process need not wait for its own act. */
  note(members: readonly MemberId[]): void {
    for (const member of members) this.known.add(member);
  }

  private async look(): Promise<void> {
    try {
      const rows = await this.database.query<{ id: string; at: Date }>(
        'SELECT id, erased_at AS at FROM members WHERE erased_at > ? ORDER BY erased_at',
        [this.since],
      );
      this.note(rows.map(({ id }) => memberId(id)));
      const last = rows.at(-1);
      if (last) this.since = new Date(Math.max(this.since.getTime(), last.at.getTime() - OVERLAP_S * 1000));
    } catch (error) {
      this.log.warn({ err: error }, 'the list of erased members is behind');
    }
  }
}

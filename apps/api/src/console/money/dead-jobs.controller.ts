import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Tx } from '@app/database';
import { OutboxRows } from '@app/jobs';
import { Rejected } from '@app/kernel';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { DeadJobDto, DeadJobPageDto, DeadJobQuery, DeadJobReasonDto } from './dead-jobs.dto';

/** 停放的任务: work that failed too often, or that nobody handles. */
@ConsoleController('dead-jobs')
export class DeadJobsController {
  constructor(
    private readonly rows: OutboxRows,
    private readonly audited: Audited,
  ) {}

  /** The newest first. */
  @Get()
  list(@Query() query: DeadJobQuery): Promise<DeadJobPageDto> {
    return this.rows.dead(query);
  }

  @Get(':id')
  async one(@Param('id', IdPipe) id: number): Promise<DeadJobDto> {
    return (await this.rows.deadOne(String(id))) ?? notParked();
  }

  /** Due again now, as if it had never failed; harmless for work that was done meanwhile. */
  @Post(':id/replay')
  @HttpCode(204)
  replay(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: DeadJobReasonDto,
  ): Promise<void> {
    return this.end(by, 'jobs.replay', id, reason, (tx) => this.rows.replay(tx, String(id)));
  }

  /** Not to be done any more. Money does not depend on it: what is due is found in the database all the same. */
  @Post(':id/give-up')
  @HttpCode(204)
  giveUp(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: DeadJobReasonDto,
  ): Promise<void> {
    return this.end(by, 'jobs.give-up', id, reason, (tx) => this.rows.giveUp(tx, String(id)));
  }

  private async end(
    by: Operator,
    act: string,
    id: number,
    reason: string,
    work: (tx: Tx) => Promise<boolean>,
  ): Promise<void> {
    const row = (await this.rows.deadOne(String(id))) ?? notParked();
    await this.audited.inOne(
      by,
      async (tx) => (await work(tx)) || notParked(),
      () => ({ act, object: `outbox:${id}`, before: { job: row.job, key: row.key, lastError: row.lastError }, reason }),
    );
  }
}

function notParked(): never {
  throw new Rejected('not_parked', '没有这个停放的任务，或已经有人处理', 404);
}

import { Get, Param, Query } from '@nestjs/common';
import { CheckDecisions, ExplainScan } from '@app/scans';
import type { Operator } from '@app/staff';
import { ConsoleController, CurrentOperator } from './console-controller';
import {
  DecisionCheckDto,
  DecisionCheckQuery,
  ScanExplanationDto,
  ScanQuery,
  ScanRowPageDto,
} from './scan-records.dto';

@ConsoleController('scans')
export class ScanRecordsController {
  constructor(
    private readonly scans: ExplainScan,
    private readonly decisions: CheckDecisions,
  ) {}

  @Get()
  list(@Query() { memberId, code, from, to, limit, cursor }: ScanQuery): Promise<ScanRowPageDto> {
    const filter = {
      ...(memberId !== undefined && { memberId }),
      ...(code !== undefined && { code }),
      ...(from !== undefined && { from: new Date(from) }),
      ...(to !== undefined && { to: new Date(to) }),
    };
    return this.scans.list(filter, { limit, cursor: cursor ?? null });
  }

  /** Decides a page of recorded scans again, newest first, and names those that would come out differently. */
  @Get('decision-check')
  check(@Query() { from, to, limit, cursor }: DecisionCheckQuery): Promise<DecisionCheckDto> {
    const filter = {
      ...(from !== undefined && { from: new Date(from) }),
      ...(to !== undefined && { to: new Date(to) }),
    };
    return this.decisions.run(filter, { limit, cursor: cursor ?? null });
  }

  /** Why this scan got what it got, in Chinese. */
  @Get(':id/explanation')
  explanation(@CurrentOperator() operator: Operator, @Param('id') id: string): Promise<ScanExplanationDto> {
    return this.scans.run(id, operator);
  }
}

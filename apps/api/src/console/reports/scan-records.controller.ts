import { Get, Param, Query } from '@nestjs/common';
import { CheckDecisions, ExplainScan, ScanList, ScanMoney } from '@app/scans';
import { scopeOf, type Operator } from '@app/staff';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  DecisionCheckDto,
  DecisionCheckQuery,
  ScanExplanationDto,
  ScanMoneyDto,
  ScanQuery,
  ScanRowPageDto,
} from './scan-records.dto';

@ConsoleController('scans')
export class ScanRecordsController {
  constructor(
    private readonly scans: ScanList,
    private readonly explainScan: ExplainScan,
    private readonly money: ScanMoney,
    private readonly decisions: CheckDecisions,
  ) {}

  /** Newest first. A distributor finds the scans in its territory, with codes masked and without members. */
  @Get()
  list(
    @CurrentOperator() operator: Operator,
    @Query() { memberId, code, from, to, adcode, verdict, productId, batchId, limit, cursor }: ScanQuery,
  ): Promise<ScanRowPageDto> {
    const filter = {
      ...(memberId !== undefined && { memberId }),
      ...(code !== undefined && { code }),
      ...(from !== undefined && { from: new Date(from) }),
      ...(to !== undefined && { to: new Date(to) }),
      ...(adcode !== undefined && { adcode }),
      ...(verdict !== undefined && { verdicts: [verdict] }),
      ...(productId !== undefined && { productId }),
      ...(batchId !== undefined && { batchId }),
    };
    return this.scans.page(scopeOf(operator), filter, { limit, cursor: cursor ?? null });
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
    return this.explainScan.run(id, operator);
  }

  /** What it won, and the payment it went out with; `won` null = nothing. */
  @Get(':id/money')
  async trail(@Param('id') id: string): Promise<ScanMoneyDto> {
    return { won: await this.money.run(id) };
  }
}

import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { AskWechat, CloseCase, MoneyCases, WorkOnCase } from '@app/payouts';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  AskedWechatDto,
  AssignCaseDto,
  CaseClosingDto,
  CaseCountsDto,
  CaseNoteDto,
  CloseCaseDto,
  MoneyCaseDetailDto,
  MoneyCasePageDto,
  MoneyCaseQuery,
} from './money-cases.dto';

/** 资金异常: what people must look at, who has it, what they found. */
@ConsoleController('money-cases')
export class MoneyCasesController {
  constructor(
    private readonly cases: MoneyCases,
    private readonly work: WorkOnCase,
    private readonly closeCase: CloseCase,
    private readonly wechat: AskWechat,
  ) {}

  /** Not closed ones oldest first, closed ones latest first. */
  @Get()
  list(@CurrentOperator() by: Operator, @Query() { owner, ...query }: MoneyCaseQuery): Promise<MoneyCasePageDto> {
    return this.cases.page({ ...query, owner: ownerOf(owner, by) });
  }

  @Get('counts')
  counts(@CurrentOperator() by: Operator): Promise<CaseCountsDto> {
    return this.cases.counts(by.id);
  }

  @Get(':id')
  one(@Param('id', IdPipe) id: number): Promise<MoneyCaseDetailDto> {
    return this.cases.one(id);
  }

  @Post(':id/assign')
  @HttpCode(204)
  assign(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) caseId: number,
    @Body() wish: AssignCaseDto,
  ): Promise<void> {
    const { ownerId = by.id, takeOver = false, note = '' } = wish;
    return this.work.assign({ caseId, by: by.id, ownerId, takeOver, note });
  }

  @Post(':id/notes')
  @HttpCode(204)
  note(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) caseId: number,
    @Body() { text }: CaseNoteDto,
  ): Promise<void> {
    return this.work.note({ caseId, by: by.id, text });
  }

  /** Has WeChat asked about its bill now; the answer stands in the evidence of its payout a moment later. Once a minute. */
  @Post(':id/ask-wechat')
  @HttpCode(202)
  ask(@CurrentOperator() by: Operator, @Param('id', IdPipe) caseId: number): Promise<AskedWechatDto> {
    return this.wechat.run({ caseId, by: by.id });
  }

  /** What freezes money, or accepts that fen are elsewhere than our books say, is only asked for here. */
  @Post(':id/close')
  @HttpCode(200)
  close(
    @CurrentOperator() by: Operator,
    @Param('id', IdPipe) caseId: number,
    @Body() { reason }: CloseCaseDto,
  ): Promise<CaseClosingDto> {
    return this.closeCase.run({ caseId, by: by.id, reason });
  }
}

function ownerOf(text: string | undefined, by: Operator): number | 'none' | undefined {
  if (text === undefined || text === 'none') return text;
  return text === 'me' ? by.id : Number(text);
}

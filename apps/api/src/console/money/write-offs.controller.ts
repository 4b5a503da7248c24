import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { WriteOffLines } from '@app/analytics';
import { WriteOffEvidence, WriteOffList, WriteOffSheets } from '@app/payouts';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import { Audited } from '../audited';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { MadeDto } from '../made.dto';
import {
  NewWriteOffDto,
  SignatureDto,
  SignedDto,
  WriteOffDetailDto,
  WriteOffLinePageDto,
  WriteOffPageDto,
  WriteOffQuery,
  WriteOffVoidDto,
  WriteOffWishDto,
} from './write-offs.dto';

/** 核销单: per application and period, signed by two. Evidence is read before the transaction, which only holds it against the sheet. */
@ConsoleController('write-offs')
export class WriteOffsController {
  constructor(
    private readonly list: WriteOffList,
    private readonly lines: WriteOffLines,
    private readonly evidence: WriteOffEvidence,
    private readonly sheets: WriteOffSheets,
    private readonly audited: Audited,
  ) {}

  @Get()
  page(@Query() query: WriteOffQuery): Promise<WriteOffPageDto> {
    return this.list.page(query);
  }

  @Get(':id')
  one(@Param('id', IdPipe) id: number): Promise<WriteOffDetailDto> {
    return this.list.one(id);
  }

  /** Evidence: scan, award, payout, bill. */
  @Get(':id/lines')
  async evidenceOf(@Param('id', IdPipe) id: number, @Query() page: PageQuery): Promise<WriteOffLinePageDto> {
    const { grant, from, to } = (await this.list.one(id)).content;
    return this.lines.page({ grantId: grant.id, from, to }, page);
  }

  @Post()
  async draft(@CurrentOperator() operator: Operator, @Body() wish: NewWriteOffDto): Promise<MadeDto> {
    const content = await this.evidence.read(wish);
    const id = await this.audited.inOne(
      operator,
      (tx) => this.sheets.draft(tx, content, operator.id),
      (made) => ({ act: 'payouts.draft-write-off', object: `write-off:${made}`, after: content }),
    );
    return { id };
  }

  /** A new revision; a signature on the one before is void. */
  @Put(':id')
  @HttpCode(204)
  async edit(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() wish: WriteOffWishDto,
  ): Promise<void> {
    const { grant } = (await this.list.one(id)).content;
    const content = await this.evidence.read({ ...wish, grantId: grant.id });
    await this.audited.inOne(
      operator,
      (tx) => this.sheets.edit(tx, id, content, operator.id),
      () => ({ act: 'payouts.edit-write-off', object: `write-off:${id}`, after: content }),
    );
  }

  /** The author's signature. */
  @Post(':id/sign')
  @HttpCode(200)
  async sign(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) sheetId: number,
    @Body() { contentHash }: SignatureDto,
  ): Promise<SignedDto> {
    const outcome = await this.audited.inOne(
      operator,
      (tx) => this.sheets.sign(tx, { sheetId, contentHash, by: operator.id }),
      (done) => ({
        ...{ act: 'payouts.sign-write-off', object: `write-off:${sheetId}` },
        after: { contentHash, outcome: done },
      }),
    );
    return { outcome };
  }

  /** The second person's signature closes the sheet for ever. */
  @Post(':id/approve')
  @HttpCode(204)
  async approve(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) sheetId: number,
    @Body() { contentHash }: SignatureDto,
  ): Promise<void> {
    const { grant, ...wish } = (await this.list.one(sheetId)).content;
    const fresh = await this.evidence.read({ ...wish, grantId: grant.id });
    await this.audited.inOne(
      operator,
      (tx) => this.sheets.approve(tx, { sheetId, contentHash, by: operator.id }, fresh),
      () => ({ act: 'payouts.approve-write-off', object: `write-off:${sheetId}`, after: { contentHash } }),
    );
  }

  /** Gives up a sheet that is not closed. */
  @Post(':id/void')
  @HttpCode(204)
  async void(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: WriteOffVoidDto,
  ): Promise<void> {
    await this.audited.inOne(
      operator,
      (tx) => this.sheets.void(tx, id),
      () => ({ act: 'payouts.void-write-off', object: `write-off:${id}`, reason }),
    );
  }
}

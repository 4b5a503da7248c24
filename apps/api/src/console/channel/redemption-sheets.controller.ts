import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ConfirmSheet,
  CreditSheet,
  DisputeSheet,
  SheetViews,
  type NamedLine,
  type Sheet,
  type SheetCredit,
  type SheetDetail,
  type SheetDispute,
  type SheetFigures,
  type SheetSummary,
} from '@app/channel';
import { scopeOf, type Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { MadeDto } from '../made.dto';
import {
  AnswerDisputeDto,
  ConfirmSheetDto,
  NewCreditDto,
  NewDisputeDto,
  SheetConfirmedDto,
  SheetDetailDto,
  SheetHistoryDto,
  SheetHistoryQuery,
  SheetLinePageDto,
  SheetLinesQuery,
  SheetListQuery,
  SheetPageDto,
  VoidCreditDto,
  type SheetCreditDto,
  type SheetDisputeDto,
  type SheetFiguresDto,
  type SheetLineDto,
  type SheetStateDto,
  type SheetSummaryDto,
} from './redemption-sheets.dto';

/** 兑付对账: headquarters and a distributor agree month by month about what its stores handed over. A distributor sees its own. */
@ConsoleController('redemption-sheets')
export class RedemptionSheetsController {
  constructor(
    private readonly views: SheetViews,
    private readonly credits: CreditSheet,
    private readonly disputes: DisputeSheet,
    private readonly confirming: ConfirmSheet,
  ) {}

  /** One month of every distributor in the scope. */
  @Get()
  async list(
    @CurrentOperator() operator: Operator,
    @Query() { month, limit, cursor }: SheetListQuery,
  ): Promise<SheetPageDto> {
    const page = { limit, cursor: cursor ?? null };
    const { items, nextCursor } = await this.views.ofMonth(scopeOf(operator), month, page);
    return { items: items.map(summaryDto), nextCursor };
  }

  /** The last twelve months of one distributor. */
  @Get(':distributorId')
  async history(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Query() { upTo }: SheetHistoryQuery,
  ): Promise<SheetHistoryDto> {
    return { items: (await this.views.ofDistributor(scopeOf(operator), distributorId, upTo)).map(summaryDto) };
  }

  @Get(':distributorId/:month')
  async one(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
  ): Promise<SheetDetailDto> {
    return detailDto(operator, await this.views.one(scopeOf(operator), { distributorId, month }));
  }

  @Get(':distributorId/:month/lines')
  async lines(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Query() query: SheetLinesQuery,
  ): Promise<SheetLinePageDto> {
    const { items, nextCursor } = await this.views.linesPage(scopeOf(operator), { distributorId, month }, query);
    return { items: items.map(lineDto), nextCursor };
  }

  @Post(':distributorId/:month/credits')
  async credit(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Body() { amountFen = 0, note, ...wish }: NewCreditDto,
  ): Promise<MadeDto> {
    const credit = { ...wish, amountFen, note: note?.trim() || null };
    return { id: await this.credits.credit(operator, { distributorId, month }, credit) };
  }

  @Post(':distributorId/:month/credits/:id/void')
  @HttpCode(204)
  async voidCredit(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: VoidCreditDto,
  ): Promise<void> {
    await this.credits.void(operator, { distributorId, month }, id, reason);
  }

  @Post(':distributorId/:month/disputes')
  async dispute(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Body() wish: NewDisputeDto,
  ): Promise<MadeDto> {
    return { id: await this.disputes.raise(operator, { distributorId, month }, wish) };
  }

  /** By the side that did not raise it. */
  @Post(':distributorId/:month/disputes/:id/answer')
  @HttpCode(204)
  async answer(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Param('id', IdPipe) id: number,
    @Body() { words }: AnswerDisputeDto,
  ): Promise<void> {
    await this.disputes.answer(operator, { distributorId, month }, id, words);
  }

  /** By the side that raised it. */
  @Post(':distributorId/:month/disputes/:id/settle')
  @HttpCode(204)
  async settle(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Param('id', IdPipe) id: number,
  ): Promise<void> {
    await this.disputes.settle(operator, { distributorId, month }, id);
  }

  /** The asker's side agrees to the sheet as it stood at `revision`. */
  @Post(':distributorId/:month/confirm')
  @HttpCode(200)
  async confirm(
    @CurrentOperator() operator: Operator,
    @Param('distributorId', IdPipe) distributorId: number,
    @Param('month') month: string,
    @Body() { revision }: ConfirmSheetDto,
  ): Promise<SheetConfirmedDto> {
    return { closed: await this.confirming.run(operator, { distributorId, month }, revision) };
  }
}

function figuresOf(of: SheetFigures): SheetFiguresDto {
  const { openingUnits, redeemedUnits, coPayFen, goodsUnits, moneyUnits, moneyFen, refusedUnits, owedUnits } = of;
  return { openingUnits, redeemedUnits, coPayFen, goodsUnits, moneyUnits, moneyFen, refusedUnits, owedUnits };
}

function summaryDto(summary: SheetSummary): SheetSummaryDto {
  const { distributorId, distributorName, month, sheet } = summary;
  return {
    ...figuresOf(summary),
    ...{ distributorId, distributorName, month },
    sheet: sheet && stateOf(sheet),
  };
}

function stateOf({ revision, hqAt, distributorAt, closedAt, contentHash }: Sheet): SheetStateDto {
  return { revision, hqAt, distributorAt, closedAt, contentHash };
}

function detailDto(
  { distributorId }: Operator,
  { products, credits, disputes, ...summary }: SheetDetail,
): SheetDetailDto {
  return {
    ...summaryDto(summary),
    side: distributorId === null ? 'hq' : 'distributor',
    products: products.map((of) => ({ ...figuresOf(of), productId: of.productId, productName: of.productName })),
    credits: credits.map(creditDto),
    disputes: disputes.map(disputeDto),
  };
}

function lineDto(line: NamedLine): SheetLineDto {
  const { storeId, storeName, productId, productName } = line;
  return { ...figuresOf(line), storeId, storeName, productId, productName };
}

function creditDto(credit: SheetCredit): SheetCreditDto {
  const { id, storeId, productId, kind, units, amountFen, noteNo, note, madeAt, voidedAt } = credit;
  return { id, storeId, productId, kind, units, amountFen, noteNo, note, madeAt, voidedAt };
}

function disputeDto(dispute: SheetDispute): SheetDisputeDto {
  const { id, storeId, productId, units, words, side, raisedAt, answer, answeredAt, closedAt } = dispute;
  return { id, storeId, productId, units, words, side, raisedAt, answer, answeredAt, closedAt };
}

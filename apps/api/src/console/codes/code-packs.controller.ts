import { Readable } from 'node:stream';
import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CodePacks, HoneyCodes, type PackForm } from '@app/codes';
import type { Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import {
  CodePackPageDto,
  CodePackQuery,
  HoneyFilePageDto,
  NewCodePackDto,
  PackApprovedDto,
  PackNoteDto,
  PackRollPageDto,
} from './code-packs.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { MadeDto } from '../made.dto';

/** 码包: ranges of codes for printing houses. Two people stand behind each. */
@ConsoleController('code-packs')
export class CodePacksController {
  constructor(
    private readonly packs: CodePacks,
    private readonly honey: HoneyCodes,
  ) {}

  @Get()
  list(@Query() query: CodePackQuery): Promise<CodePackPageDto> {
    return this.packs.page(query);
  }

  @Post()
  request(@CurrentOperator() operator: Operator, @Body() body: NewCodePackDto): Promise<MadeDto> {
    return this.packs.request(operator, { ...body, form: body.form ?? 'zip', note: body.note ?? '' });
  }

  /** The second person's yes. */
  @Post(':id/approve')
  @HttpCode(200)
  approve(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { note }: PackNoteDto,
  ): Promise<PackApprovedDto> {
    return this.packs.approve(operator, id, note ?? '');
  }

  @Post(':id/refuse')
  @HttpCode(204)
  refuse(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { note }: PackNoteDto,
  ): Promise<void> {
    return this.packs.refuse(operator, id, note ?? '');
  }

  /** Who asked takes it back. */
  @Post(':id/withdraw')
  @HttpCode(204)
  withdraw(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<void> {
    return this.packs.withdraw(operator, id);
  }

  /** 卷: a file for each roll, in order. None for a pack in one file. */
  @Get(':id/rolls')
  rolls(@Param('id', IdPipe) id: number, @Query() query: PageQuery): Promise<PackRollPageDto> {
    return this.packs.rolls(id, query);
  }

  /** 诱饵码: to look for in codes that somebody offers. Each time is written down. */
  @Get(':id/honey-codes')
  honeyCodes(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Query() query: PageQuery,
  ): Promise<HoneyFilePageDto> {
    return this.honey.page(operator, id, query);
  }

  /** `code,url` and, when asked for, `,serial`, as a stream. Only of an approved pack of that form, a few times within a week. */
  @Get(':id/codes.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  csv(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send(operator, id, 'csv', reply);
  }

  /** The same in an AES-256 zip, as `codes.csv` or a file for each roll, beside `manifest.json` with their SHA-256. */
  @Get(':id/codes.zip')
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  zip(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send(operator, id, 'zip', reply);
  }

  private async send(operator: Operator, id: number, form: PackForm, reply: FastifyReply): Promise<void> {
    const { pack, bytes } = await this.packs.open(operator, id, form);
    const name = `pack-${id}-batch-${pack.batchId}-${pack.layer}-${pack.from}-${pack.to}`;
    await reply
      .header('content-type', TYPES[form])
      .header('content-disposition', `attachment; filename="${name}.${form}"`)
      .header('cache-control', 'no-store')
      .send(Readable.from(bytes, { objectMode: false }));
  }
}

const TYPES: Readonly<Record<PackForm, string>> = { csv: 'text/csv; charset=utf-8', zip: 'application/zip' };

import { Body, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { memberId, Rejected } from '@app/kernel';
import { AudienceDirectory, ChangeAudience, CreateAudience, FillAudience, MEMBER_FIELDS } from '@app/members';
import { scopeOf, type Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import {
  ArchiveAudienceDto,
  AudienceConditionDto,
  AudienceDto,
  AudienceListQuery,
  AudiencePageDto,
  AudienceSizeDto,
  AudienceVersionDto,
  ChangedAudienceDto,
  ListChangedDto,
  NewAudienceDto,
} from './audiences.dto';
import { FieldsDto } from '../campaigns/campaigns.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { MadeDto } from '../made.dto';
import { MemberIdsDto } from './tags.dto';

@ConsoleController('')
export class AudiencesController {
  constructor(
    private readonly audiences: AudienceDirectory,
    private readonly createAudience: CreateAudience,
    private readonly changeAudience: ChangeAudience,
    private readonly fillAudience: FillAudience,
  ) {}

  /** The fields an audience may speak of, with their operators. */
  @Get('audience-fields')
  fields(): FieldsDto {
    return { fields: MEMBER_FIELDS.describe() };
  }

  @Get('audiences')
  list(@CurrentOperator() operator: Operator, @Query() query: AudienceListQuery): Promise<AudiencePageDto> {
    const { archived, ...page } = query;
    return this.audiences.list(scopeOf(operator), { ...page, archived: archived === 'true' });
  }

  @Get('audiences/:id')
  async one(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<AudienceDto> {
    const audience = await this.audiences.find(scopeOf(operator), id);
    if (!audience) throw new Rejected('no_audience', '没有这个人群', 404);
    return audience;
  }

  @Post('audiences')
  async create(@CurrentOperator() operator: Operator, @Body() wish: NewAudienceDto): Promise<MadeDto> {
    return { id: await this.createAudience.run(operator, wish) };
  }

  /** Replaces name, note and condition; scans follow within two seconds. */
  @Put('audiences/:id')
  async change(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() wish: ChangedAudienceDto,
  ): Promise<AudienceVersionDto> {
    return { version: await this.changeAudience.redefine(operator, id, wish) };
  }

  @Post('audiences/:id/archive')
  @HttpCode(200)
  async archive(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() body: ArchiveAudienceDto,
  ): Promise<AudienceVersionDto> {
    return { version: await this.changeAudience.archive(operator, id, body) };
  }

  /** How many people a condition would reach; nothing is kept. */
  @Post('audiences::preview')
  @HttpCode(200)
  preview(
    @CurrentOperator() operator: Operator,
    @Body() { condition }: AudienceConditionDto,
  ): Promise<AudienceSizeDto> {
    return this.audiences.preview(scopeOf(operator), condition);
  }

  /** How many people are in a saved audience now, and some of them. */
  @Get('audiences/:id/size')
  size(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<AudienceSizeDto> {
    return this.audiences.size(scopeOf(operator), id);
  }

  /** Puts members on a list, at most 2,000 at a time; the same chunk again changes nothing. */
  @Post('audiences/:id/members')
  @HttpCode(200)
  fill(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { memberIds }: MemberIdsDto,
  ): Promise<ListChangedDto> {
    return this.fillAudience.add(operator, id, memberIds.map(memberId));
  }

  @Post('audiences/:id/members/remove')
  @HttpCode(200)
  empty(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { memberIds }: MemberIdsDto,
  ): Promise<ListChangedDto> {
    return this.fillAudience.remove(operator, id, memberIds.map(memberId));
  }
}

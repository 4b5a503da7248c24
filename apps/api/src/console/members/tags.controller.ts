import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { memberId } from '@app/kernel';
import { TagDirectory, TagMembers } from '@app/members';
import { scopeOf, type Operator } from '@app/staff';
import { PageQuery } from '../../edge/page.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { ChangedDto, TagMembersDto, TagPageDto } from './tags.dto';

@ConsoleController('')
export class TagsController {
  constructor(
    private readonly tags: TagDirectory,
    private readonly tagMembers: TagMembers,
  ) {}

  /** The tags that members have, with how many have each. */
  @Get('tags')
  list(@CurrentOperator() operator: Operator, @Query() page: PageQuery): Promise<TagPageDto> {
    return this.tags.list(scopeOf(operator), page);
  }

  /** One tag for many members; a single unknown member refuses them all. */
  @Post('members::tag')
  @HttpCode(200)
  add(@CurrentOperator() operator: Operator, @Body() { tag, memberIds }: TagMembersDto): Promise<ChangedDto> {
    return this.tagMembers.add(operator, tag, memberIds.map(memberId));
  }

  @Post('members::untag')
  @HttpCode(200)
  remove(@CurrentOperator() operator: Operator, @Body() { tag, memberIds }: TagMembersDto): Promise<ChangedDto> {
    return this.tagMembers.remove(operator, tag, memberIds.map(memberId));
  }
}

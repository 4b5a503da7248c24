import { Get, Param, Query } from '@nestjs/common';
import { memberId, Rejected } from '@app/kernel';
import { AudienceDirectory, MemberDirectory } from '@app/members';
import { scopeOf, type Operator } from '@app/staff';
import { PageQuery } from '../../edge/page.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { IdPipe } from '../../edge/id.pipe';
import { MemberDetailDto, MemberListDto, MemberListQuery } from './members.dto';

@ConsoleController('members')
export class MembersController {
  constructor(private readonly members: MemberDirectory) {}

  @Get()
  list(@CurrentOperator() operator: Operator, @Query() query: MemberListQuery): Promise<MemberListDto> {
    return this.members.list(scopeOf(operator), query);
  }

  /** A member and what happened to it, latest first; `limit` and `cursor` are of the timeline. */
  @Get(':id')
  async one(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Query() page: PageQuery,
  ): Promise<MemberDetailDto> {
    const scope = scopeOf(operator);
    const profile = id > 0 ? await this.members.profile(scope, memberId(id)) : null;
    if (!profile) throw new Rejected('no_such_member', '没有这位会员', 404);
    const tags = await this.members.tags(scope, profile.memberId);
    return { profile, tags, timeline: await this.members.timeline(scope, profile.memberId, page) };
  }
}

@ConsoleController('audiences')
export class AudienceMembersController {
  constructor(private readonly audiences: AudienceDirectory) {}

  /** Who is in an audience, by number. A page may be short and still have a next one. */
  @Get(':id/members')
  list(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Query() page: PageQuery,
  ): Promise<MemberListDto> {
    return this.audiences.members(scopeOf(operator), id, page);
  }
}

import { Body, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import {
  AccountDirectory,
  ChangeRoles,
  GiveAccountLinks,
  ManageOperators,
  type GivenLink,
  type Operator,
} from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import { ConsoleController, CurrentOperator } from '../console-controller';
import {
  AccountPageDto,
  DisableDto,
  EnableDto,
  GivenLinkDto,
  InviteDto,
  OperatorQuery,
  OperatorRightsDto,
  OperatorRolesDto,
  OperatorSessionsDto,
  ResetDto,
  RolesChangedDto,
} from './operators.dto';

@ConsoleController('operators')
export class OperatorsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly operators: ManageOperators,
    private readonly accounts: AccountDirectory,
    private readonly links: GiveAccountLinks,
    private readonly roles: ChangeRoles,
  ) {}

  @Get()
  list(@CurrentOperator() operator: Operator, @Query() query: OperatorQuery): Promise<AccountPageDto> {
    return this.accounts.list(operator, query);
  }

  /** Headquarters' roles count once a second person has agreed; a distributor's at once. */
  @Post()
  async invite(@CurrentOperator() operator: Operator, @Body() body: InviteDto): Promise<GivenLinkDto> {
    return this.asLink(await this.links.invite(operator, body));
  }

  @Post(':id/invite-again')
  @HttpCode(200)
  async inviteAgain(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<GivenLinkDto> {
    return this.asLink(await this.links.inviteAgain(operator, id));
  }

  /** Ends password and sessions; the answer's link sets a new password. */
  @Post(':id/reset')
  @HttpCode(200)
  async reset(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() body: ResetDto,
  ): Promise<GivenLinkDto> {
    return this.asLink(await this.links.reset(operator, id, body));
  }

  @Post(':id/unlock')
  @HttpCode(204)
  unlock(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<void> {
    return this.operators.unlock(operator, id);
  }

  @Post(':id/disable')
  @HttpCode(204)
  disable(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: DisableDto,
  ): Promise<void> {
    return this.operators.disable(operator, id, reason);
  }

  /** Lets somebody back in who was shut out: with the roles and the password of before. */
  @Post(':id/enable')
  @HttpCode(204)
  enable(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { reason }: EnableDto,
  ): Promise<void> {
    return this.operators.enable(operator, id, reason);
  }

  @Get(':id/sessions')
  async sessions(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<OperatorSessionsDto> {
    return { items: await this.accounts.sessionsOf(operator, id) };
  }

  @Post(':id/end-sessions')
  @HttpCode(204)
  endSessions(@CurrentOperator() operator: Operator, @Param('id', IdPipe) id: number): Promise<void> {
    return this.operators.endSessions(operator, id);
  }

  /** Roles go at once; what headquarters' account gains waits for a second person. */
  @Put(':id/roles')
  changeRoles(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { roles, reason }: OperatorRolesDto,
  ): Promise<RolesChangedDto> {
    return this.roles.run(operator, id, roles, reason);
  }

  @Put(':id/rights')
  @HttpCode(204)
  setRights(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) id: number,
    @Body() { rights, reason }: OperatorRightsDto,
  ): Promise<void> {
    return this.operators.setRights(operator, id, rights, reason);
  }

  /** Behind the `#`, which browsers keep to themselves. */
  private asLink({ token, ...given }: GivenLink): GivenLinkDto {
    return { ...given, url: `${this.config.http.publicUrl}/console/join#${token}` };
  }
}

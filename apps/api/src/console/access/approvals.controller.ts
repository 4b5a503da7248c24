import { Get } from '@nestjs/common';
import { APPROVAL_KINDS, ApprovalsModel, type ApprovalKind } from '@app/analytics';
import type { Operator } from '@app/staff';
import { ApprovalsDto } from './approvals.dto';
import { accessOf, allows } from '../console-access';
import { ConsoleController, CurrentOperator } from '../console-controller';

/** The route that says yes to a kind, and the one that shows it: who sees the inbox's rows follows from the one table. */
const ROUTES: Readonly<Record<ApprovalKind, readonly [decides: string, shows: string]>> = {
  campaign: ['/v1/console/campaigns/:id/approve', '/v1/console/campaigns'],
  grant: ['/v1/console/grants/:id/approve', '/v1/console/grants'],
  'money-decision': ['/v1/console/money-decisions/:id/approve', '/v1/console/money-decisions'],
  correction: ['/v1/console/corrections/:id/approve', '/v1/console/corrections'],
  'write-off': ['/v1/console/write-offs/:id/approve', '/v1/console/write-offs'],
  'code-pack': ['/v1/console/code-packs/:id/approve', '/v1/console/code-packs'],
  roles: ['/v1/console/role-requests/:id/approve', '/v1/console/operators'],
};

@ConsoleController('approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsModel) {}

  @Get()
  async list(@CurrentOperator() { id, roles }: Operator): Promise<ApprovalsDto> {
    const seen = APPROVAL_KINDS.filter((kind) => allows(accessOf('GET', ROUTES[kind][1]), roles));
    const rows = await this.approvals.read(seen);
    const items = rows.map((row) => ({
      ...row,
      mine: row.askedBy.id === id,
      mayDecide: row.askedBy.id !== id && allows(accessOf('POST', ROUTES[row.kind][0]), roles),
    }));
    return { items, forMe: items.filter(({ mayDecide }) => mayDecide).length };
  }
}

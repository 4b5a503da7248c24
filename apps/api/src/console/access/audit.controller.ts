import { Get, Query } from '@nestjs/common';
import { AccountDirectory, AuditLog } from '@app/staff';
import { AuditPageDto, AuditQuery, ChainVerdictDto, type AuditDetailsDto } from './audit.dto';
import { ConsoleController } from '../console-controller';

@ConsoleController('audit')
export class AuditController {
  constructor(
    private readonly audit: AuditLog,
    private readonly accounts: AccountDirectory,
  ) {}

  @Get()
  async list(@Query() { from, to, ...query }: AuditQuery): Promise<AuditPageDto> {
    const between = { ...(from && { from: new Date(from) }), ...(to && { to: new Date(to) }) };
    const { items, nextCursor } = await this.audit.list({ ...query, ...between });
    const names = await this.accounts.namesOf(items.flatMap(({ actorId }) => (actorId === null ? [] : [actorId])));
    return {
      nextCursor,
      items: items.map((act) => ({
        ...act,
        actorName: act.actorId === null ? null : (names.get(act.actorId) ?? null),
        details: act.details as AuditDetailsDto,
      })),
    };
  }

  /** Reads the whole chain and holds it against its head. */
  @Get('verdict')
  async verdict(): Promise<ChainVerdictDto> {
    const verdict = await this.audit.verify();
    const { intact, entries } = verdict;
    return { intact, entries, ...(verdict.intact ? { brokenAt: null, why: null } : pick(verdict)) };
  }
}

const pick = ({ brokenAt, why }: { brokenAt: number; why: string }): { brokenAt: number; why: string } => ({
  brokenAt,
  why,
});

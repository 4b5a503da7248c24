import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '../audit-log';
import { OperatorsRepository } from '../operators.repository';
import { Passwords } from '../passwords';
import { SessionsRepository, tokenHash } from '../sessions.repository';
import { LinksRepository, type LinkKind } from './links.repository';

/** Whom a link is for, as the page that opens it greets them. */
export interface LinkGreeting {
  readonly kind: LinkKind;
  readonly login: string;
  readonly name: string;
  readonly expiresAt: Date;
}

const GONE = '这个链接已经用过、过期或被新的链接取代，请联系管理员重新发一个';

/** What somebody does with a one-time link: sets the password that nobody else has ever known. */
@Injectable()
export class OpenAccountLink {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly links: LinksRepository,
    private readonly operators: OperatorsRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly audit: AuditLog,
  ) {}

  /** Throws Rejected `link_gone` (410) for one that is unknown, used, over or replaced. */
  async read(token: string): Promise<LinkGreeting> {
    const link = await this.links.find(this.database, tokenHash(token));
    const account = link && (await this.operators.findById(this.database, link.operatorId));
    if (!link || !account || account.status === 'disabled') throw new Rejected('link_gone', GONE, 410);
    return { kind: link.kind, login: account.login, name: account.name, expiresAt: link.expiresAt };
  }

  /** The password counts from now on, sessions from before do not. Throws Rejected `link_gone` (410), `weak_password` (422). */
  async use(token: string, password: string): Promise<{ login: string }> {
    await this.read(token);
    const passwordHash = await this.passwords.hash(password);
    const hash = tokenHash(token);
    return this.unitOfWork.run(async (tx) => {
      const link = await this.links.find(tx, hash);
      const account = link && (await this.operators.findById(tx, link.operatorId));
      if (!link || !account || account.status === 'disabled' || !(await this.links.use(tx, hash))) {
        throw new Rejected('link_gone', GONE, 410);
      }
      await this.operators.activate(tx, account.id, passwordHash);
      await this.sessions.revokeAllOf(tx, account.id);
      const act = link.kind === 'invite' ? 'staff.join' : 'staff.new-password';
      await this.audit.append(tx, { actorId: account.id, act, object: `operator:${account.id}` });
      return { login: account.login };
    });
  }
}

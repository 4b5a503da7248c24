import { Injectable } from '@nestjs/common';
import { issueScope } from '@app/analytics';
import { AssignTerritory, CreateDistributor, DistributorDirectory, TerritoryMap } from '@app/channel';
import { Rejected } from '@app/kernel';
import { isHeadquarters, ManageOperators, type NewOperator, type OperatorRight, type Role } from '@app/staff';
import { Database, textOf } from '@app/database';

const FROM = new Date('2026-01-01T00:00:00+08:00');
const FEIXI = 340123;

/** 肥西县 is one county with two: the dealer for 乌龙 below the one for everything else. */
const DISTRIBUTORS = [
  { name: '安徽徽茗商贸有限公司', areas: [{ adcode: 340000, productLine: null }] },
  { name: '江苏金陵茶饮贸易有限公司', areas: [{ adcode: 320000, productLine: null }] },
  { name: '广东岭南饮品供应链有限公司', areas: [{ adcode: 440000, productLine: null }] },
  { name: '四川天府快消有限公司', areas: [{ adcode: 510000, productLine: null }] },
  { name: '肥西紫蓬副食批发部', areas: [{ adcode: FEIXI, productLine: 'oolong' }] },
] as const;

export interface DemoLogin {
  readonly login: string;
  readonly password: string;
  /** The first of the roles: what the launcher prints beside the login. */
  readonly role: Role;
}

interface DemoOperator extends Omit<DemoLogin, 'role'> {
  readonly name: string;
  readonly roles: readonly [Role, ...Role[]];
  /** Beyond the roles. */
  readonly rights?: readonly OperatorRight[];
}

/** Demo passwords are printed for everybody to read: production refuses to run the seed at all. */
export const LOGINS = [
  { login: 'qinghe', name: '青禾总部 林知夏', password: 'qinghe-2026', roles: ['owner'] },
  { login: 'qinghe-cfo', name: '青禾财务 周明远', password: 'qinghe-2026-cfo', roles: ['approver', 'finance'] },
  { login: 'anhui', name: '安徽徽茗 程徽', password: 'anhui-2026', roles: ['distributor'] },
  { login: 'qinghe-market', name: '青禾市场 沈青岚', password: 'qinghe-2026-market', roles: ['marketer'] },
  { login: 'qinghe-finance', name: '青禾会计 吴静秋', password: 'qinghe-2026-finance', roles: ['finance'] },
  {
    login: 'qinghe-service',
    name: '青禾客服 何小满',
    password: 'qinghe-2026-service',
    roles: ['service'],
    rights: ['export-addresses'],
  },
  { login: 'qinghe-risk', name: '青禾风控 陆衡', password: 'qinghe-2026-risk', roles: ['risk'] },
  { login: 'qinghe-audit', name: '青禾内审 顾知行', password: 'qinghe-2026-audit', roles: ['auditor'] },
  { login: 'anhui-staff', name: '安徽徽茗 方小禾', password: 'anhui-2026-staff', roles: ['distributor_staff'] },
] as const satisfies readonly DemoOperator[];

/** Distributors with their territories, and the people who may log in. Every step finds what an earlier run made. */
@Injectable()
export class DemoChannel {
  constructor(
    private readonly database: Database,
    private readonly directory: DistributorDirectory,
    private readonly createDistributor: CreateDistributor,
    private readonly assignTerritory: AssignTerritory,
    private readonly territories: TerritoryMap,
    private readonly operators: ManageOperators,
  ) {}

  /** Returns operator ids in the order of LOGINS. */
  async run(): Promise<readonly number[]> {
    const ids = await this.distributors();
    const made: number[] = [];
    for (const person of LOGINS as readonly DemoOperator[]) {
      const outside = !isHeadquarters(person);
      made.push(await this.operator({ ...person, ...(outside && { distributorId: ids[0]! }) }));
    }
    await this.territories.refresh();
    return made;
  }

  private async distributors(): Promise<number[]> {
    const scope = issueScope({ kind: 'national' });
    const known = (await this.directory.list(scope, { limit: 100 })).items;
    const ids: number[] = [];
    for (const { name, areas } of DISTRIBUTORS) {
      const parentId = ids.length === 4 ? ids[0]! : null;
      const id =
        known.find((one) => one.name === name)?.id ?? (await this.createDistributor.run(null, { name, parentId }));
      ids.push(id);
      for (const area of areas) await this.assign(id, area);
    }
    return ids;
  }

  private async assign(distributorId: number, area: { adcode: number; productLine: string | null }): Promise<void> {
    try {
      await this.assignTerritory.run(null, { distributorId, ...area, from: FROM, to: null });
    } catch (error) {
      if (!(error instanceof Rejected) || error.code !== 'territory_overlap') throw error;
    }
  }

  private async operator(wanted: NewOperator): Promise<number> {
    const [known] = await this.database.query<{ id: number; login: Buffer }>(
      'SELECT id, login FROM operators WHERE login = ?',
      [wanted.login],
    );
    if (known && textOf(known.login) === wanted.login) return known.id;
    return (await this.operators.create(null, wanted)).id;
  }
}

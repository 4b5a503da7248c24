import { Injectable } from '@nestjs/common';
import type { Scope } from '@app/analytics';
import { Database, placeholders } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { DistributorDirectory } from '../distributor-directory';
import type { SheetName } from './open-sheet';
import { daysOfMonth, monthBefore, sumFigures, type Sheet, type SheetFigures, type SheetLine } from './sheet';
import { SheetActsRepository, type SheetCredit, type SheetDispute } from './sheet-acts.repository';
import { SheetFiguresReader } from './sheet-figures';
import { SheetsRepository } from './sheets.repository';

export interface SheetSummary extends SheetName, SheetFigures {
  readonly distributorName: string;
  /** Null while nobody has done anything on it. */
  readonly sheet: Sheet | null;
}

export interface NamedLine extends SheetLine {
  readonly storeName: string;
  readonly productName: string;
}

export interface SheetDetail extends SheetSummary {
  /** Over all stores. */
  readonly products: readonly (SheetFigures & { readonly productId: number; readonly productName: string })[];
  readonly credits: readonly SheetCredit[];
  readonly disputes: readonly SheetDispute[];
}

const MONTHS = 12;

/** 兑付对账 as both sides see it. Another distributor's sheets are not there. */
@Injectable()
export class SheetViews {
  constructor(
    private readonly database: Database,
    private readonly distributors: DistributorDirectory,
    private readonly sheets: SheetsRepository,
    private readonly acts: SheetActsRepository,
    private readonly figures: SheetFiguresReader,
  ) {}

  /** One month of every distributor in the scope. */
  async ofMonth(scope: Scope, month: string, page: PageRequest): Promise<Page<SheetSummary>> {
    daysOfMonth(month);
    const { items, nextCursor } = await this.distributors.list(scope, page);
    return { items: await this.summaries(items, month), nextCursor };
  }

  /** The last twelve months of one distributor up to a month, the latest first; those in which nothing was are left out. */
  async ofDistributor(scope: Scope, distributorId: number, upTo: string): Promise<SheetSummary[]> {
    daysOfMonth(upTo);
    const distributor = await this.distributors.find(scope, distributorId);
    if (!distributor) return [];
    const all: SheetSummary[] = [];
    for (let month = upTo, left = MONTHS; left > 0; month = monthBefore(month), left--) {
      const [summary] = await this.summaries([distributor], month);
      if (summary && (summary.sheet || summary.openingUnits !== 0 || summary.redeemedUnits > 0)) all.push(summary);
    }
    return all;
  }

  /** Throws Rejected 404 for another's or an unknown one. */
  async one(scope: Scope, { distributorId, month }: SheetName): Promise<SheetDetail> {
    const lines = await this.lines(scope, { distributorId, month });
    const [summary] = await this.summaries([(await this.distributors.find(scope, distributorId))!], month);
    const { sheet } = summary!;
    const byProduct = new Map<number, NamedLine[]>();
    for (const line of lines) byProduct.set(line.productId, [...(byProduct.get(line.productId) ?? []), line]);
    return {
      ...summary!,
      products: [...byProduct].map(([productId, of]) => ({
        ...sumFigures(of),
        productId,
        productName: of[0]!.productName,
      })),
      credits: sheet ? await this.acts.credits(this.database, sheet.id) : [],
      disputes: sheet ? await this.acts.disputes(this.database, sheet.id) : [],
    };
  }

  /** Lines by store, page by page. */
  async linesPage(
    scope: Scope,
    name: SheetName,
    { limit, cursor, storeId }: PageRequest & { storeId?: number },
  ): Promise<Page<NamedLine>> {
    checkLimit(limit);
    const from = cursor ? Number(readCursor(cursor, 1)[0]) : 0;
    if (!Number.isInteger(from) || from < 0) throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
    const all = await this.lines(scope, name);
    const lines = storeId === undefined ? all : all.filter((line) => line.storeId === storeId);
    const items = lines.slice(from, from + limit);
    return { items, nextCursor: from + limit < lines.length ? writeCursor([from + limit]) : null };
  }

  /** Every line. Throws Rejected 404 for another's sheet or an unknown distributor. */
  async lines(scope: Scope, { distributorId, month }: SheetName): Promise<NamedLine[]> {
    daysOfMonth(month);
    if (!(await this.distributors.find(scope, distributorId))) {
      throw new Rejected('no_distributor', '没有这个经销商', 404);
    }
    const lines = await this.figures.of(this.database, distributorId, month);
    const stores = await this.names('stores', [...new Set(lines.map(({ storeId }) => storeId))]);
    const products = await this.names('products', [...new Set(lines.map(({ productId }) => productId))]);
    return lines.map((line) => ({
      ...line,
      storeName: stores.get(line.storeId) ?? `门店 ${line.storeId}`,
      productName: products.get(line.productId) ?? `产品 ${line.productId}`,
    }));
  }

  /** Of one store, for a clerk whose post was checked. */
  async ofStore(
    distributorId: number,
    storeId: number,
    month: string,
  ): Promise<{ sheet: Sheet | null; lines: NamedLine[] }> {
    daysOfMonth(month);
    const lines = (await this.figures.of(this.database, distributorId, month)).filter(
      (line) => line.storeId === storeId,
    );
    const products = await this.names('products', [...new Set(lines.map(({ productId }) => productId))]);
    const named = lines.map((line) => ({
      ...line,
      storeName: '',
      productName: products.get(line.productId) ?? `产品 ${line.productId}`,
    }));
    return { sheet: await this.sheets.find(this.database, distributorId, month), lines: named };
  }

  private async summaries(
    distributors: readonly { readonly id: number; readonly name: string }[],
    month: string,
  ): Promise<SheetSummary[]> {
    const ids = distributors.map(({ id }) => id);
    const lines = await this.figures.lines(this.database, ids, month);
    const sheets = new Map(
      (await this.sheets.ofMonth(this.database, ids, month)).map((sheet) => [sheet.distributorId, sheet]),
    );
    return distributors.map(({ id, name }) => ({
      ...sumFigures(lines.get(id) ?? []),
      ...{ distributorId: id, distributorName: name, month, sheet: sheets.get(id) ?? null },
    }));
  }

  private async names(table: 'stores' | 'products', ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ id: number; name: string }>(
      `SELECT id, name FROM ${table} WHERE id IN (${placeholders(ids)})`,
      ids,
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

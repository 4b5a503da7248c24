/** One line of a 资金账单. Amounts in fen; `income` is 收入, else 支出. */
export interface FlowRow {
  readonly at: number;
  readonly platformNo: string;
  readonly flowNo: string;
  readonly business: string;
  readonly kind: string;
  readonly income: boolean;
  readonly amountFen: number;
  readonly balanceFen: number;
  readonly applicant: string;
  readonly remark: string;
  readonly voucher: string;
}

/** WeChat's own double-entry books. Shares no code with ours, so that both cannot be wrong in the same way. */
export class Books {
  private readonly balances = new Map<string, number>();

  /** Moves whole fen from one account to another; accounts may run below zero only where `outside` pays in. */
  move(from: string, to: string, fen: number): void {
    if (!Number.isSafeInteger(fen) || fen <= 0) throw new Error(`WeChat cannot move ${fen} fen`);
    const left = this.balance(from) - fen;
    if (left < 0 && from !== 'outside') throw new Error(`WeChat's account ${from} has no ${fen} fen`);
    this.balances.set(from, left);
    this.balances.set(to, this.balance(to) + fen);
  }

  balance(account: string): number {
    return this.balances.get(account) ?? 0;
  }

  /** 0, always. */
  get sum(): number {
    let sum = 0;
    for (const balance of this.balances.values()) sum += balance;
    return sum;
  }
}

import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Rejected, Transient } from '@app/kernel';

export const MIN_PASSWORD_LENGTH = 10;
const MAX_PASSWORD_BYTES = 256;
/** argon2id (the library's default kind) with 19 MiB, two passes, one lane: OWASP's minimum set. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const AT_ONCE = 2;
const MAX_WAITING = 50;

/** Hashes and checks passwords, few at a time, so that a flood of logins cannot take all processors. */
@Injectable()
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private decoy: Promise<string> | null = null;

  /** Throws Rejected when the password is too weak to be set. */
  async hash(password: string): Promise<string> {
    refuseWeak(password);
    return this.inTurn(() => hash(password, COST));
  }

  /** For an account that is not there pass null: the answer is no, after the same work. */
  async matches(passwordHash: string | null, password: string): Promise<boolean> {
    const against = passwordHash ?? (await this.decoyHash());
    const same = await this.inTurn(() => verify(against, password.slice(0, MAX_PASSWORD_BYTES)));
    return same && passwordHash !== null;
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= hash('nobody has this password', COST);
    return this.decoy;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= MAX_WAITING) throw new Transient('too many logins at once', 5);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running++;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}

function refuseWeak(password: string): void {
  const characters = [...password].length;
  if (characters < MIN_PASSWORD_LENGTH) {
    throw new Rejected('weak_password', `密码至少 ${MIN_PASSWORD_LENGTH} 个字符`, 422);
  }
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new Rejected('weak_password', '密码过长', 422);
  if (new Set(password).size < 4) throw new Rejected('weak_password', '密码过于简单，请换一个', 422);
}

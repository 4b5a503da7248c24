import { Injectable } from '@nestjs/common';
import { ClerkDirectory } from '@app/channel';
import { formatYuan, fen, shanghaiWords, type MemberId, type Page, type PageRequest } from '@app/kernel';
import { MemberDirectory, ReadOwnRecords, ScanHistory } from '@app/members';
import { AuthorisationViews, OwnPayouts } from '@app/payouts';
import { regionWords } from '@app/regions';
import { AgreeToReminders, AwardViews, OwnAddresses } from '@app/rewards';
import { MyComplaints } from '@app/service';
import { CONSENT_NAMES, DATA_NAMES, PAYOUT_WORDS, PHOTOS_APART, SECRETS_APART, VERDICT_WORDS } from './my-data-words';

const AT_ONCE = 100;
/** Of each list: nobody drinks more in years, and a file stays a file. What is left out is said. */
const MOST = 5000;

/**
 * Everything that is kept of a person, as one JSON document in their own language, written page by page: it is never whole in memory.
 * What pays whoever holds it (codes of coupons and prizes) is not in it: files get lost.
 */
@Injectable()
export class MyDataFile {
  constructor(
    private readonly members: MemberDirectory,
    private readonly records: ReadOwnRecords,
    private readonly scans: ScanHistory,
    private readonly awards: AwardViews,
    private readonly payouts: OwnPayouts,
    private readonly addresses: OwnAddresses,
    private readonly reminders: AgreeToReminders,
    private readonly authorisations: AuthorisationViews,
    private readonly complaints: MyComplaints,
    private readonly clerks: ClerkDirectory,
  ) {}

  async *write(member: MemberId, now: Date): AsyncGenerator<string> {
    const numbers = await this.members.numbersOf(member);
    yield `{\n"导出时间": ${text(shanghaiWords(now))},\n"说明": ${text(`${SECRETS_APART}${PHOTOS_APART}每类最多列出最近 ${MOST} 条。`)}`;
    yield* this.person(member);
    yield* this.list(
      '扫码',
      (page) => this.scans.page(member, page),
      (scan) => ({
        时间: shanghaiWords(scan.at),
        码: scan.code,
        结果: VERDICT_WORDS[scan.verdict] ?? scan.verdict,
        商品: scan.productName,
        地点: scan.city,
        奖励: scan.reward?.prizeName ?? null,
      }),
    );
    yield* this.list(
      '奖励',
      (page) => this.awards.list(member, page),
      (award) => ({
        时间: shanghaiWords(new Date(award.wonAt)),
        活动: award.campaignName,
        奖品: award.prizeName,
        金额: award.amountFen === null ? null : `${formatYuan(award.amountFen)} 元`,
        状态: award.stateText,
      }),
    );
    yield* this.list(
      '到账',
      (page) => this.payouts.page(numbers, page),
      (payout) => ({
        申请时间: shanghaiWords(payout.askedAt),
        金额: `${formatYuan(payout.amountFen)} 元`,
        状态: PAYOUT_WORDS[payout.state],
        到账时间: payout.settledAt && shanghaiWords(payout.settledAt),
        微信转账单号: payout.billNo,
      }),
    );
    yield* this.list(
      '反馈',
      (page) => this.complaints.list(member, page),
      (complaint) => ({
        时间: shanghaiWords(new Date(complaint.openedAt)),
        照片: complaint.photos,
        内容: complaint.messages.map(({ mine, text: words, at }) => ({
          谁: mine ? '我' : '客服',
          时间: shanghaiWords(new Date(at)),
          文字: words,
        })),
      }),
    );
    yield '\n}\n';
  }

  /** What is one of a kind, or few. */
  private async *person(member: MemberId): AsyncGenerator<string> {
    const profile = await this.members.own(member);
    const { nickname, names, consents, tags } = await this.records.of(member);
    yield part('会员', {
      会员号: String(member),
      昵称: nickname,
      加入时间: profile && shanghaiWords(profile.createdAt),
      等级: profile?.tier.name ?? null,
      '估算消费（近 365 天）': profile && `${formatYuan(fen(profile.spendFen))} 元`,
      扫码次数: profile?.scans ?? 0,
      开瓶数: profile?.codes ?? 0,
      最近扫码的地方: profile?.lastAdcode == null ? null : regionWords(profile.lastAdcode),
      关注公众号: profile?.follows ?? null,
    });
    yield part(
      '身份标识（已遮住一部分）',
      names.map(({ kind, masked, since }) => ({
        种类: DATA_NAMES[kind],
        内容: masked,
        记录时间: shanghaiWords(since),
      })),
    );
    const { agreedAt } = await this.authorisations.of(member);
    const { left, at } = await this.reminders.given(member);
    yield part('同意记录', [
      ...consents.map((one) => ({
        事项: CONSENT_NAMES[one.kind] ?? one.kind,
        动作: one.act === 'given' ? '同意' : '撤回',
        说明文本: one.version,
        时间: shanghaiWords(one.at),
      })),
      ...(agreedAt === null ? [] : [{ 事项: '免确认收款', 动作: '同意', 时间: shanghaiWords(agreedAt) }]),
      ...(at === null ? [] : [{ 事项: '订阅提醒', 动作: '同意', 还剩次数: left, 时间: shanghaiWords(at) }]),
    ]);
    yield part(
      '收货地址',
      (await this.addresses.of(member)).map(({ address, prizeName, consent, consentedAt }) => ({
        奖品: prizeName,
        收货人: address.name,
        手机号: address.phone,
        地址: `${regionWords(address.adcode)} ${address.detail}`,
        说明文本: consent,
        同意时间: shanghaiWords(consentedAt),
      })),
    );
    yield part('品牌给您加的标签', tags);
    const posts = await this.clerks.posts(await this.members.numbersOf(member));
    yield part(
      '门店身份',
      posts.map(({ storeName, name, askedAt }) => ({ 门店: storeName, 姓名: name, 申请时间: shanghaiWords(askedAt) })),
    );
  }

  private async *list<T>(
    name: string,
    read: (page: PageRequest) => Promise<Page<T>>,
    told: (item: T) => object,
  ): AsyncGenerator<string> {
    yield `,\n${text(name)}: [`;
    let cursor: string | null = null;
    for (let count = 0; count < MOST;) {
      const page: Page<T> = await read({ limit: AT_ONCE, cursor });
      const lines = page.items.map(
        (item, index) => `${count + index === 0 ? '' : ','}\n  ${JSON.stringify(told(item))}`,
      );
      yield lines.join('');
      count += page.items.length;
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    yield '\n]';
  }
}

function part(name: string, value: object): string {
  return `,\n${text(name)}: ${JSON.stringify(value, null, 2)}`;
}

function text(words: string): string {
  return JSON.stringify(words);
}

import 'reflect-metadata';
import {
  Body,
  Controller,
  Headers,
  HttpCode,
  Inject,
  Injectable,
  Module,
  NotFoundException,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Queue } from 'bullmq';
import { IsString, Length, Matches } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import { NaiveCampaign, NaiveCode, NaiveMember, NaiveReward, NaiveScan } from './naive.entity';

/**
 * The server a textbook leads to: NestJS, TypeORM entities, `FOR UPDATE` on the code and on the campaign, `save()` for each row, a
 * BullMQ job for the payout, a pool of ten. It is correct, and it is what the bench's word „naive“ means. It checks no signature of a code,
 * knows no place, no caps and no stock, and believes the member it is told: all of that is in its favour.
 */

const PRIZE_FEN = 88;
const POOL = 10;
const QUEUE = Symbol('queue');

class NaiveScanDto {
  @IsString()
  @Matches(/^[0-9A-Za-z-]{16,36}$/)
  scanId: string;

  @IsString()
  @Length(17, 17)
  code: string;
}

@Injectable()
class NaiveScans {
  constructor(
    private readonly source: DataSource,
    @Inject(QUEUE) private readonly queue: Queue,
  ) {}

  async scan(memberId: string, { scanId, code }: NaiveScanDto): Promise<object> {
    const reward = await this.source.transaction((manager) => this.record(manager, memberId, scanId, code));
    if (reward) await this.queue.add('payout', { rewardId: reward.id });
    return { scanId, code, verdict: reward ? 'first' : 'repeat', amountFen: reward?.amountFen ?? null };
  }

  private async record(
    manager: EntityManager,
    memberId: string,
    scanId: string,
    text: string,
  ): Promise<NaiveReward | null> {
    const lock = { mode: 'pessimistic_write' as const };
    const code = await manager.findOne(NaiveCode, { where: { code: text }, lock });
    if (!code) throw new NotFoundException();
    const campaign = await manager.findOneOrFail(NaiveCampaign, { where: { id: 1 }, lock });
    const member = (await manager.findOneBy(NaiveMember, { id: memberId })) ?? newMember(manager, memberId);
    await manager.save(manager.create(NaiveScan, { scanId, code: text, memberId }));
    code.scans += 1;
    member.scans += 1;
    const wins = code.winnerId === null && Number(campaign.spentFen) + PRIZE_FEN <= Number(campaign.budgetFen);
    const reward = wins
      ? await manager.save(manager.create(NaiveReward, { code: text, memberId, amountFen: PRIZE_FEN }))
      : null;
    if (reward) {
      code.winnerId = memberId;
      campaign.spentFen = String(Number(campaign.spentFen) + PRIZE_FEN);
      member.wonFen = String(Number(member.wonFen) + PRIZE_FEN);
      await manager.save(campaign);
    }
    await manager.save(code);
    await manager.save(member);
    return reward;
  }
}

function newMember(manager: EntityManager, id: string): NaiveMember {
  return manager.create(NaiveMember, { id, scans: 0, wonFen: '0' });
}

@Controller('scans')
class NaiveController {
  constructor(private readonly scans: NaiveScans) {}

  @Post()
  @HttpCode(200)
  scan(@Headers('x-member') member: string, @Body() body: NaiveScanDto): Promise<object> {
    return this.scans.scan(member, body);
  }
}

@Module({
  controllers: [NaiveController],
  providers: [
    NaiveScans,
    {
      provide: DataSource,
      useFactory: () =>
        new DataSource({
          type: 'mariadb',
          url: process.env.MIGRATOR_DATABASE_URL!,
          entities: [NaiveCode, NaiveCampaign, NaiveMember, NaiveScan, NaiveReward],
          poolSize: POOL,
          supportBigNumbers: true,
          bigNumberStrings: true,
        }).initialize(),
    },
    {
      provide: QUEUE,
      useFactory: () => {
        const { hostname: host, port, password } = new URL(process.env.REDIS_URL!);
        return new Queue('naive-payouts', {
          connection: { host, port: Number(port), password: decodeURIComponent(password) },
        });
      },
    },
  ],
})
class NaiveModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(NaiveModule, new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  await app.listen(Number(process.env.NAIVE_PORT), '127.0.0.1');
  process.stdout.write('ready\n');
}

process.on('SIGTERM', () => process.exit(0));
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ConfigError, loadConfig, type Config } from '@app/config';
import { createLogger, NestLog } from '@app/observability';
import { AuditLog, GiveAccountLinks, isRole } from '@app/staff';
import { WorkerModule } from './worker.module';

const USAGE = 'staff audit verify | staff invite <login> <name> <role,role>';

type Wish =
  { readonly what: 'verify' } | { readonly what: 'invite'; readonly fields: readonly [string, string, string] };

/**
 * For whoever runs the server: holds the audit chain against its head (exit 1 when it does not fit), or invites the first people of a
 * deployment, of whom there are none yet who could invite. Needs the environment of a worker.
 */
async function main(): Promise<boolean> {
  const wish = wishOf(process.argv.slice(2));
  const config = loadConfig('tool');
  const log = createLogger('staff', config.log.level);
  const module = WorkerModule.forRoot(config, log, { run: false });
  const app = await NestFactory.createApplicationContext(module, { logger: new NestLog(log) });
  try {
    if (wish.what === 'invite') {
      print(await invite(app.get(GiveAccountLinks, { strict: false }), config, wish.fields));
      return true;
    }
    const verdict = await app.get(AuditLog, { strict: false }).verify();
    print(verdict);
    return verdict.intact;
  } finally {
    await app.close();
  }
}

function wishOf(args: readonly string[]): Wish {
  const [first, second, name, roles] = args;
  if (first === 'audit' && second === 'verify' && args.length === 2) return { what: 'verify' };
  if (first === 'invite' && second && name && roles && args.length === 4) {
    return { what: 'invite', fields: [second, name, roles] };
  }
  throw new Error(`unknown: ${USAGE}`);
}

async function invite(
  links: GiveAccountLinks,
  { http }: Config,
  [login, name, listed]: readonly [string, string, string],
): Promise<object> {
  const roles = listed.split(',').filter(isRole);
  if (roles.join() !== listed) throw new Error(`not all of these are roles: ${listed}`);
  const { token, expiresAt } = await links.inviteFirst({ login, name, roles });
  return { url: `${http.publicUrl}/console/join#${token}`, expiresAt };
}

function print(report: object): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

main().then(
  (well) => process.exit(well ? 0 : 1),
  (error: unknown) => {
    const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`staff failed: ${text}\n`);
    process.exit(1);
  },
);

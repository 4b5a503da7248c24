import { runOnPrivateSystem } from './private-run.mjs';
import { runCommand } from './stopping.mjs';

/** `npm run bench -- [suite]`: measures on a database of its own, with memory and log as a small production server has them. */
await runCommand(() =>
  runOnPrivateSystem('bench', process.argv.slice(2), {
    apps: [],
    bufferPool: '2G',
    mariadbArgs: ['--innodb-log-file-size=1G', '--max-connections=600'],
    env: { LOG_LEVEL: 'warn' },
  }),
);

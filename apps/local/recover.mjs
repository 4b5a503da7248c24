import { ENTRIES } from './places.mjs';
import { runCommand } from './stopping.mjs';
import { runTool } from './tool.mjs';

/** `npm run recover [-- --status]`: nothing is paid until WeChat was asked about every open bill; the running workers do that. */
await runCommand(() => runTool(ENTRIES.recover, process.argv.slice(2)));

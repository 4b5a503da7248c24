import { ENTRIES } from './places.mjs';
import { runCommand } from './stopping.mjs';
import { runTool } from './tool.mjs';

/** `npm run audit -- verify` holds the audit chain against its head; `npm run staff -- invite <login> <name> <role,role>` makes first people. */
await runCommand(() => runTool(ENTRIES.staff, process.argv.slice(2)));

// Asks the official parser about an AsyncAPI file: node asyncapi.mjs FILE. Prints what is wrong, if anything.

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import parser from '@asyncapi/parser';

const [, , file] = process.argv;
process.chdir(dirname(file));
const { document, diagnostics } = await new parser.Parser().parse(readFileSync(file, 'utf8'), { source: file });
const wrong = diagnostics.filter(({ severity }) => severity < 2); // errors and warnings
for (const { path, message } of wrong) console.log(`${path.join('/')}: ${message}`);
process.exit(document && wrong.length === 0 ? 0 : 1);

import { describe, expect, it } from 'vitest';
import { lineAt, maskCode } from './scan-code.ts';
import { projectFiles, type SourceFile } from './source-tree.ts';

/** What pure code does without: it gets all of this as an argument. */
const IMPURITIES: Readonly<Record<string, RegExp>> = {
  clock:
    /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\w\s(]))|(?<![\w.]|new\s+)Date\s*\(|\bperformance\s*\.|\bTemporal\s*\.\s*Now\b|\bhrtime\b/g,
  chance: /\bMath\s*\.\s*random\b|\brandom(?:Bytes|Int|UUID|FillSync)\b|\bgetRandomValues\b/g,
  timer: /\b(?:set|clear)(?:Timeout|Interval|Immediate)\b|\bAbortSignal\s*\.\s*timeout\b/g,
  network: /(?<![\w.])(?:fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(/g,
  environment: /(?<![\w.])process\s*[.[]|\bglobalThis\b|\bimport\s*\.\s*meta\b/g,
  console: /(?<![\w.])console\s*\./g,
  // The language and the time zone of the machine it happens to run on.
  place:
    /\.\s*toLocale\w+\s*\(|\.\s*localeCompare\s*\(|\bIntl\s*\.|\.\s*get(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|TimezoneOffset)\s*\(/g,
};

interface Exemption {
  readonly file: string;
  readonly what: keyof typeof IMPURITIES;
  readonly reason: string;
}

const EXEMPTIONS: readonly Exemption[] = [
  { file: 'connectors/kit/call.ts', what: 'timer', reason: 'It aborts a vendor call at its deadline.' },
  {
    file: 'connectors/kit/serve-connection.ts',
    what: 'timer',
    reason: 'It gives up asking for a token at a deadline.',
  },
  { file: 'connectors/hubspot/open-api.ts', what: 'network', reason: 'It is where requests to HubSpot are sent.' },
  { file: 'connectors/hubspot/authenticate.ts', what: 'network', reason: 'It asks HubSpot for a token.' },
  {
    file: 'connectors/salesforce/salesforce-api.ts',
    what: 'network',
    reason: 'It is where requests to Salesforce are sent.',
  },
  { file: 'connectors/salesforce/authenticate.ts', what: 'network', reason: 'It asks Salesforce for a token.' },
  {
    file: 'functions/runtime/composition.ts',
    what: 'clock',
    reason: 'The composition root hands the clock to all others.',
  },
  {
    file: 'functions/runtime/composition.ts',
    what: 'chance',
    reason: 'The composition root hands chance to all others.',
  },
  {
    file: 'functions/runtime/composition.ts',
    what: 'environment',
    reason: 'The composition root reads the variables, once.',
  },
  {
    file: 'functions/runtime/composition.ts',
    what: 'timer',
    reason: 'The composition root hands waiting to all others.',
  },
  { file: 'functions/runtime/ulid.ts', what: 'chance', reason: 'An argument of that name is handed in.' },
];

/** Folders in which everything comes in as an argument. */
const PURE = ['domain/', 'connectors/', 'functions/'];

const files = projectFiles('.ts').filter(({ path }) => PURE.some((folder) => path.startsWith(folder)));

describe('pure code', () => {
  it('takes clock, chance, timers, network and environment as arguments', () => {
    const flaws = files.flatMap(impurities).filter(({ file, what }) => !isExempt(file, what));

    expect(flaws.map(({ file, line, what, code }) => `${file}:${line}: ${what}: ${code}`)).toEqual([]);
  });

  it('has no exemption that is not needed any more', () => {
    const found = files.flatMap(impurities);
    const idle = EXEMPTIONS.filter(({ file, what }) => !found.some((each) => each.file === file && each.what === what));

    expect(idle).toEqual([]);
  });

  it('has no exemption in the domain', () => {
    expect(EXEMPTIONS.filter(({ file }) => file.startsWith('domain/'))).toEqual([]);
  });

  it.each([
    ['const now = Date.now();', 'clock'],
    ['const clock = Date.now;', 'clock'],
    ['const now = new Date();', 'clock'],
    ['const now = new Date;', 'clock'],
    ['const text = Date();', 'clock'],
    ['const at = performance.now();', 'clock'],
    ['const x = Math.random();', 'chance'],
    ['const id = crypto.randomUUID();', 'chance'],
    ['setTimeout(run, 5);', 'timer'],
    ['const signal = AbortSignal.timeout(5);', 'timer'],
    ['const answer = await fetch(url);', 'network'],
    ['const stage = process.env.STAGE;', 'environment'],
    ["const stage = process['env'];", 'environment'],
    ['console.log(x);', 'console'],
    ['a.localeCompare(b);', 'place'],
    ['date.getHours();', 'place'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text that is scanned holds a template.
    ['const text = `at ${Date.now()}`;', 'clock'],
  ])('notices %s', (text, what) => {
    expect(impurities({ path: 'domain/a.ts', text }).map((each) => each.what)).toEqual([what]);
  });

  it.each([
    ['const day = new Date(ms).toISOString();'],
    ['const ms = Date.parse(text);'],
    ['const ms = Date.UTC(2026, 0, 1);'],
    ['// Date.now() would differ'],
    ["const what = 'Math.random()';"],
    ['const answer = await options.fetch();'],
    ['const x = hub.random();'],
    ['reprocess.env;'],
    ['function process(x: Date): Date { return x; }'],
  ])('lets pass %s', (text) => {
    expect(impurities({ path: 'domain/a.ts', text })).toEqual([]);
  });
});

interface Impurity {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly code: string;
}

function impurities({ path, text }: SourceFile): readonly Impurity[] {
  const code = maskCode(text);
  return Object.entries(IMPURITIES).flatMap(([what, pattern]) =>
    [...code.matchAll(pattern)].map((match) => ({ file: path, line: lineAt(text, match.index), what, code: match[0] })),
  );
}

function isExempt(file: string, what: string): boolean {
  return EXEMPTIONS.some((exemption) => exemption.file === file && exemption.what === what);
}

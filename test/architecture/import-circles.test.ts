import { describe, expect, it } from 'vitest';
import { importCircles } from './import-circles.ts';
import { projectFiles } from './source-tree.ts';

describe('import circles', () => {
  it('there are none: what a file needs can be read before it', () => {
    const files = projectFiles('.ts').filter(({ path }) => path.includes('/'));

    expect(importCircles(files)).toEqual([]);
  });

  it('finds a circle once, and nothing that only leads to it', () => {
    const files = [
      { path: 'domain/a.ts', text: "import { b } from './model/b.ts';" },
      { path: 'domain/model/b.ts', text: "import { c } from '../c.ts';" },
      { path: 'domain/c.ts', text: "import { a } from './a.ts';\nimport { d } from './d.ts';" },
      { path: 'domain/d.ts', text: '' },
      { path: 'domain/e.ts', text: "import { a } from './a.ts';" },
    ];

    expect(importCircles(files)).toEqual([['domain/a.ts', 'domain/c.ts', 'domain/model/b.ts']]);
  });

  it('takes no offence at types and at what is loaded later', () => {
    const files = [
      { path: 'domain/a.ts', text: "import type { B } from './b.ts';\nconst load = () => import('./b.ts');" },
      { path: 'domain/b.ts', text: "import { a } from './a.ts';" },
    ];

    expect(importCircles(files)).toEqual([]);
  });
});

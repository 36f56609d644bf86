import { isSameValue, type SystemValue, type Value } from '../model/value.ts';
import type { CompiledMapping, Directory, MappedField } from './compiled-mapping.ts';
import type { MappingDocument, MappingExample } from './documents.ts';
import type { Report } from './mapping-issue.ts';

/** Runs the examples of a mapping, both ways; what does not come out as written is reported at its place in the file. */
export function checkExamples(mapping: CompiledMapping, document: MappingDocument, report: Report): void {
  for (const [index, example] of (document.examples ?? []).entries()) {
    checkExample(mapping, example, (path, reason) => report(['examples', index, ...path], reason));
  }
}

function checkExample(mapping: CompiledMapping, example: MappingExample, report: Report): void {
  const direction = example.direction ?? 'both';
  const directory = directoryOf(example.owners ?? {});
  for (const theirs of Object.keys(example.theirs)) {
    if (!mapping.fields.some((line) => line.theirs === theirs)) report(['theirs', theirs], `no line maps "${theirs}"`);
  }
  for (const [field, value] of Object.entries(example.hub)) {
    const line = mapping.byField.get(field);
    if (line === undefined) report(['hub', field], `no line maps "${field}"`);
    else checkValue(line, value, example.theirs[line.theirs], { direction, directory, report });
  }
  for (const [place, field] of (example.holds ?? []).entries()) {
    const line = mapping.byField.get(field);
    const theirs = line && example.theirs[line.theirs];
    const path = ['holds', place];
    if (line === undefined) report(path, `no line maps "${field}"`);
    else if (theirs === undefined) report(path, `the example does not say what "${line.theirs}" holds`);
    else if (line.readIn(theirs, directory).ok) report(path, `"${field}" does not wait, it is read`);
  }
}

interface Check {
  readonly direction: 'both' | 'in' | 'out';
  readonly directory: Directory;
  readonly report: Report;
}

function checkValue(line: MappedField, value: Value, theirs: SystemValue | undefined, check: Check): void {
  const path = ['hub', line.field];
  if (theirs === undefined) {
    check.report(path, `the example does not say what "${line.theirs}" holds`);
    return;
  }
  if (check.direction !== 'out' && line.flow !== 'out') {
    const read = line.readIn(theirs, check.directory);
    if (!read.ok) check.report(path, `"${line.theirs}" is not read: ${read.reason}`);
    else if (!isSameValue(read.value, value)) check.report(path, `"${line.theirs}" is read as ${show(read.value)}`);
  }
  if (check.direction !== 'in' && line.flow !== 'in') {
    const written = line.writeOut(value, check.directory);
    if (!written.ok) check.report(path, `"${line.field}" is not written: ${written.reason}`);
    else if (!isSameValue(written.value, theirs))
      check.report(path, `"${line.field}" is written as ${show(written.value)}`);
  }
}

function show(value: Value | SystemValue): string {
  return JSON.stringify(value);
}

function directoryOf(owners: Readonly<Record<string, string>>): Directory {
  const ids = new Map(Object.entries(owners).map(([id, email]) => [email, id]));
  return { emailOf: (id) => owners[id], ownerIdOf: (email) => ids.get(email) };
}

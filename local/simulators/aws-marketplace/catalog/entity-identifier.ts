const REFERENCE = /^\$([^.]+)\.Entity\.Identifier$/;

/** The name of the change whose entity an identifier stands for. */
export function referenceOf(identifier: string | undefined): string | undefined {
  return identifier === undefined ? undefined : REFERENCE.exec(identifier)?.[1];
}

/** The entity's id, without its revision. */
export function plainId(identifier: string): string {
  return identifier.replace(/@\d+$/, '');
}

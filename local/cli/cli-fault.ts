/** A command that could not do what was asked, in one sentence for the person at the console. */
export class CliFault extends Error {}

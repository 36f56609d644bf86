/**
 * More than this many deletions or emptied fields of one connection within the window are taken for a lost permission
 * or a mistake: the connection is paused and a person asked.
 */
export const MASS_CHANGE = { deletionsMax: 500, clearsMax: 500, windowMs: 3_600_000 } as const;

/** More hub writes than this to one field of one record within the window are a loop: the field is frozen. */
export const LOOP = { writesMax: 20, windowMs: 3_600_000 } as const;

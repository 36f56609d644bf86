import type { HubTable } from '../hub-table.ts';
import { textAttribute } from './attribute.ts';
import { keyAttributes, loneKey } from './item-keys.ts';

/** Remembers with which version of its secret a connection's account was last found to be the right one. */
export interface AccountChecks {
  /** 1 read unit. */
  read(connection: string): Promise<string | undefined>;
  /** 1 write unit. */
  write(connection: string, secretVersion: string): Promise<void>;
}

/** The checks on items `checked#<connection>`. A version is Secrets Manager's own id and says nothing about the secret. */
export function accountCheckItems(table: HubTable): AccountChecks {
  return {
    async read(connection) {
      return (await table.get(loneKey('checked', connection)))?.v?.S;
    },
    async write(connection, secretVersion) {
      await table.put({ ...keyAttributes(loneKey('checked', connection)), v: textAttribute(secretVersion) });
    },
  };
}

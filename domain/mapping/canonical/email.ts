import { plainText } from './text.ts';

const NORMAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[a-z0-9-]+\.)+[a-z0-9-]+$/;
const EMAIL = /^[^\s@<>()[\]:;,"\\]+@[^\s@<>()[\]:;,"\\.]+(?:\.[^\s@<>()[\]:;,"\\.]+)+$/;

/** An e-mail address in lower case, tag included (`ann+crm@example.com`), or `undefined` when it is not one. */
export function canonicalEmail(text: string): string | undefined {
  if (NORMAL.test(text)) return text;
  const bare = plainText(text)
    .toLowerCase()
    .replace(/^mailto:/, '')
    .normalize('NFC');
  return EMAIL.test(bare) ? bare : undefined;
}

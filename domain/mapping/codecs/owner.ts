import { canonicalEmail } from '../canonical/email.ts';
import { type Codec, carry, hold, ignore, NOTHING, textOf } from './codec.ts';

/** A user of the system, known everywhere by e-mail. */
export const owner: Codec = {
  name: 'owner',
  note: 'A user: an id there, an e-mail address in the hub; owners.yaml says who has different addresses.',
  types: ['owner'],
  isMany: false,
  compile: ({ form, owners, unlisted }) => {
    const nothing = carry(form.empty);
    const refuse = unlisted === 'ignore' ? ignore : hold;
    const stranger = refuse('The owner is not among the users of the connection.');
    const absent = refuse('The owner has no user in the connection.');
    const unreadable = hold('The owner is not an e-mail address.');
    return {
      readIn: (value, directory) => {
        const id = textOf(value);
        if (id === '') return NOTHING;
        const email = id === undefined ? undefined : directory.emailOf(id);
        return email === undefined ? stranger : carry(owners.canonical(email));
      },
      writeOut: (value, directory) => {
        if (value === null || value === '') return nothing;
        const email = typeof value === 'string' ? canonicalEmail(value) : undefined;
        if (email === undefined) return unreadable;
        for (const address of owners.addresses(email)) {
          const id = directory.ownerIdOf(address);
          if (id !== undefined) return carry(id);
        }
        return absent;
      },
    };
  },
};

import { describe, expect, it } from 'vitest';
import { calledUrl } from '../../../connectors/hubspot/api-version.ts';

describe('the version that is called', () => {
  it('is the one of the table, with everything else of the address left as it was', () => {
    const paths = [
      { sdk: '/crm/v3/objects/', called: '/crm/objects/2026-03/' },
      { sdk: '/crm/v4/associations/', called: '/crm/associations/2026-03/' },
    ];

    expect(calledUrl('https://api.hubapi.com/crm/v3/objects/deals/batch/read?archived=true', paths)).toBe(
      'https://api.hubapi.com/crm/objects/2026-03/deals/batch/read?archived=true',
    );
    expect(calledUrl('http://127.0.0.1:8802/proxy/crm/v4/associations/0-3/0-1/batch/create', paths)).toBe(
      'http://127.0.0.1:8802/proxy/crm/associations/2026-03/0-3/0-1/batch/create',
    );
    expect(calledUrl('https://api.hubapi.com/crm/v3/owners', paths)).toBe('https://api.hubapi.com/crm/v3/owners');
  });
});

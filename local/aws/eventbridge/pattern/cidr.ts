import { BlockList, isIP } from 'node:net';
import { PatternFault } from './pattern-fault.ts';

/** Compiles an IPv4 or IPv6 block such as `10.0.0.0/24`; strings that are addresses inside it match. */
export function compileCidr(operand: unknown, place: string): (value: unknown) => boolean {
  const [network = '', bits = '', ...rest] = typeof operand === 'string' ? operand.split('/') : [];
  const version = isIP(network);
  const prefix = Number(bits);
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits) || prefix > (version === 4 ? 32 : 128)) {
    throw new PatternFault(`malformed CIDR at ${place}`);
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(network, prefix, family);
  return (value) => typeof value === 'string' && isIP(value) === version && block.check(value, family);
}

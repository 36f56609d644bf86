import { LINE_ITEMS_MAX, type LineItem, normalLines, readLineItem } from '../../model/line-item.ts';
import type { Value } from '../../model/value.ts';
import type { ProductNames } from '../product-names.ts';
import { type Codec, type CodecContext, carry, hold, ignore } from './codec.ts';

const isSingle = hold('The value is not a list of lines.');
const isNoLine = hold('A line is not "product | quantity × price", or too long.');
const isTooLong = hold(`There are more than ${LINE_ITEMS_MAX} lines; the hub does not carry so many.`);
const NOT_LISTED = 'No row of products.yaml names one of the products.';
const isNotNormal = hold('The lines are not in normal form.');

/** The products sold on a deal, a line for each: `ANALYTICS-12 | 3 × 1250.5`. */
export const lineItems: Codec = {
  name: 'line-items',
  note: 'The products of a deal, one line each: `product | quantity × price`; lines of one product at one price are one.',
  types: ['text'],
  isMany: true,
  compile: ({ products, unlisted }) => ({
    readIn: (value) => {
      if (value === null || value === '') return carry([]);
      return typeof value === 'object' ? readLines(value, products, unlisted) : isSingle;
    },
    writeOut: (value) => {
      if (value === null || value === '') return carry([]);
      if (typeof value !== 'object') return isSingle;
      const lines = readLines(value);
      if (!lines.ok) return lines;
      const isSame = lines.value.length === value.length && lines.value.every((line, place) => line === value[place]);
      return isSame ? lines : isNotNormal;
    },
  }),
};

/** All lines or none: a list with a part of them would say that the rest was not sold. */
function readLines(texts: readonly string[], products?: ProductNames, unlisted?: CodecContext['unlisted']) {
  if (texts.length > LINE_ITEMS_MAX) return isTooLong;
  const items = texts.map(readLineItem);
  if (!items.every((item) => item !== undefined)) return isNoLine;
  const sold = items.map((item) => ({
    ...item,
    product: products === undefined ? item.product : products.codeOf(item.product),
  }));
  const isListed = (item: (typeof sold)[number]): item is LineItem => item.product !== undefined;
  if (!sold.every(isListed)) return unlisted === 'ignore' ? ignore(NOT_LISTED) : hold(NOT_LISTED);
  const lines = normalLines(sold);
  return lines === undefined ? isNoLine : carry<Value & readonly string[]>(lines);
}

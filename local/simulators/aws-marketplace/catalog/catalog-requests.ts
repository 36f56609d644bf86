import * as z from 'zod';

/*
 * Requests of the Catalog API, by its model (2018-09-17): members, required ones, lengths and enumerations. Its patterns for
 * entity types, identifiers and change names are left out, as they refuse AWS's own samples (`Offer@1.0`,
 * `$CreateOfferChange.Entity.Identifier`).
 */

/** There is one catalog. */
const catalog = z.literal('AWSMarketplace');
const resourceId = z.string().min(1).max(255);
const nextToken = z.string().min(1).max(2048).optional();
const dateTime = z.string().length(20);
const sortOrder = z.enum(['ASCENDING', 'DESCENDING']);

const tag = z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) });
const tagList = z.array(tag).min(1).max(200);

export const changeSchema = z.object({
  ChangeType: z.string().min(1).max(255),
  Entity: z.object({ Type: z.string().min(1).max(255), Identifier: z.string().min(1).max(255).optional() }),
  EntityTags: tagList.optional(),
  Details: z.string().min(2).max(16_384).optional(),
  DetailsDocument: z.unknown().optional(),
  ChangeName: z.string().min(1).max(72).optional(),
});

export const startChangeSetSchema = z.object({
  Catalog: catalog,
  ChangeSet: z.array(changeSchema).min(1).max(20),
  ChangeSetName: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w\s+=.:@-]+$/)
    .optional(),
  ClientRequestToken: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[!-~]+$/)
    .optional(),
  ChangeSetTags: tagList.optional(),
  Intent: z.enum(['VALIDATE', 'APPLY']).default('APPLY'),
});

export const changeSetSchema = z.object({ Catalog: catalog, ChangeSetId: resourceId });

export const entitySchema = z.object({ Catalog: catalog, EntityId: resourceId });

export const batchDescribeSchema = z.object({
  EntityRequestList: z.array(entitySchema).min(1).max(20),
});

const filter = z.object({
  Name: z.string().min(1).max(255).optional(),
  ValueList: z.array(z.string().min(1).max(255)).min(1).max(10).optional(),
});

export const listChangeSetsSchema = z.object({
  Catalog: catalog,
  FilterList: z.array(filter).min(1).max(8).optional(),
  Sort: z.object({ SortBy: z.string().min(1).max(255).optional(), SortOrder: sortOrder.optional() }).optional(),
  MaxResults: z.int().min(1).max(20).default(20),
  NextToken: nextToken,
});

const dateRange = z.object({
  DateRange: z.object({ AfterValue: dateTime.optional(), BeforeValue: dateTime.optional() }),
});
const values = (value: z.ZodType<string> = z.string().min(1).max(255)) =>
  z.object({ ValueList: z.array(value).min(1).max(10) });
const valuesOrWildCard = z.object({
  ValueList: z.array(z.string().min(1).max(255)).min(1).max(10).optional(),
  WildCardValue: z.string().min(1).max(255).optional(),
});

const offerFiltersSchema = z.object({
  EntityId: values().optional(),
  Name: valuesOrWildCard.optional(),
  ProductId: values().optional(),
  ReleaseDate: dateRange.optional(),
  AvailabilityEndDate: dateRange.optional(),
  BuyerAccounts: z.object({ WildCardValue: z.string().min(1).max(255) }).optional(),
  State: values(z.enum(['Draft', 'Released'])).optional(),
  Targeting: values(z.enum(['BuyerAccounts', 'ParticipatingPrograms', 'CountryCodes', 'None'])).optional(),
  LastModifiedDate: dateRange.optional(),
  TargetAgreementId: values().optional(),
  ResaleAuthorizationId: values().optional(),
  OfferSetId: values().optional(),
  TargetAgreementIntent: values(z.enum(['Renew'])).optional(),
  CreatedBySource: values(z.enum(['Seller', 'AwsMarketplace'])).optional(),
});

const productFiltersSchema = z.object({
  EntityId: values().optional(),
  ProductTitle: valuesOrWildCard.optional(),
  Visibility: values(z.enum(['Limited', 'Public', 'Restricted', 'Draft'])).optional(),
  LastModifiedDate: dateRange.optional(),
});

export type OfferFilters = z.infer<typeof offerFiltersSchema>;
export type ProductFilters = z.infer<typeof productFiltersSchema>;
export type DateRangeFilter = z.infer<typeof dateRange>;

export const listEntitiesSchema = z.object({
  Catalog: catalog,
  EntityType: z.string().min(1).max(255),
  FilterList: z.array(filter).min(1).max(8).optional(),
  Sort: z.object({ SortBy: z.string().min(1).max(255).optional(), SortOrder: sortOrder.optional() }).optional(),
  NextToken: nextToken,
  MaxResults: z.int().min(1).max(50).default(20),
  OwnershipType: z.enum(['SELF', 'SHARED']).default('SELF'),
  EntityTypeFilters: z
    .object({ OfferFilters: offerFiltersSchema.optional(), SaaSProductFilters: productFiltersSchema.optional() })
    .optional(),
  EntityTypeSort: z
    .object({
      OfferSort: z
        .object({
          SortBy: z.enum(['EntityId', 'Name', 'ReleaseDate', 'AvailabilityEndDate', 'LastModifiedDate']).optional(),
          SortOrder: sortOrder.optional(),
        })
        .optional(),
      SaaSProductSort: z
        .object({
          SortBy: z.enum(['EntityId', 'ProductTitle', 'LastModifiedDate']).optional(),
          SortOrder: sortOrder.optional(),
        })
        .optional(),
    })
    .optional(),
});

export const listTagsSchema = z.object({ ResourceArn: resourceId });
export const tagResourceSchema = z.object({ ResourceArn: resourceId, Tags: tagList });
export const untagResourceSchema = z.object({
  ResourceArn: resourceId,
  TagKeys: z.array(z.string().min(1).max(128)).min(1).max(200),
});

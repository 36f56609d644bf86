/** The one catalog there is; its events name it too. *Source*: StartChangeSet and SearchAgreements in the service models. */
export const CATALOG = 'AWSMarketplace';

/** The tag under which an offer and a change set carry the hub's id of their deal. */
export const HUB_TAG = 'tributary:deal';

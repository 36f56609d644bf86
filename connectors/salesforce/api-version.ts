/**
 * The version of the REST API every path is built with. Each is supported for at least three years; a newer one is
 * tried by changing this line and running the tests.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/api_rest_eol.htm
 */
export const apiVersion = '64.0';

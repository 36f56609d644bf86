import { Annotations, type Stack } from 'aws-cdk-lib';
import type { HubConfig } from './hub-config.ts';

/** Says at synthesis what about the connections would disappoint after a deployment. */
export function remarkOnConnections(stack: Stack, { stage, connections, connectionsFile }: HubConfig): void {
  const remarks = Annotations.of(stack);
  if (connections.length === 0) {
    remarks.addWarningV2(
      'tributary:no-connections',
      `${connectionsFile} has no connections, so this hub connects nothing. Add one for each account; the file has examples.`,
    );
  }
  // A stage that falls back on simulators is for one machine, where http is as good as https.
  if (stage.whenNoConnections !== undefined) return;
  for (const { id, baseUrl } of connections) {
    if (baseUrl?.startsWith('http:') === true) {
      remarks.addError(
        `Connection ${id} in ${connectionsFile} has a baseUrl with http. From AWS its credentials would cross the network in the open, and addresses of this machine or a private network cannot be reached.`,
      );
    }
  }
}

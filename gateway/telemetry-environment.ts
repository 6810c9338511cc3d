/**
 * Apollo's gateway reports to Apollo and looks for cloud metadata unless it is told not to, here.
 */
export function disableApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
}

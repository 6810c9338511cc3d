/** The address with which the demo trader signs in. */
export const DEMO_EMAIL = 'demo@deskgraph.example';

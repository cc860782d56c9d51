export { createModels, type Models, type ModelsOptions } from './create-models.ts';
export { createFailureAlerts } from './failure-alerts.ts';

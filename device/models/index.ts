export { createModels, type Models, type ModelsOptions } from './create-models.ts';

export { type AnswerOptions, answerRows, type LocalAnswers } from './answer-rows.ts';
export { type LoadModelOptions, type LocalModel, loadModel } from './local-model.ts';

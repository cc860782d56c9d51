export { createIntake, type IntakeOptions, MAX_FUTURE_MS } from './intake.ts';
export { createWindows, MAX_ASSETS, type Windows, type WindowsOptions } from './windows.ts';

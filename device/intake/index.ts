export {
  createIntake,
  type Intake,
  type IntakeOptions,
  openIntakeJournal,
  tellDamage,
} from './create-intake.ts';

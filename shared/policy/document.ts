// A policy document: when which named policy holds, and what caps the cascade beside it.
import { checkDocument } from './check-document.ts';
import { documentFields } from './document-fields.ts';

/** Plain data; every complaint names its field, what is allowed and an example. */
export const policyDocumentSchema = documentFields.superRefine((document, context) => {
  for (const { path, message } of checkDocument(document)) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
});

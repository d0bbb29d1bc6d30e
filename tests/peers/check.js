// Reads cases as JSON lines and writes what fhirpath.js gives for each: {"values": [...]} or {"stopped": "..."}.
//
// It judges nothing: the Rust test that starts it compares.

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';

/** Works one case out, with the variables of the form in the order in which they may use each other. */
export function evaluate({ expression, context, response, questionnaire, variables = [] }) {
  const environment = { resource: response, context: context ?? response };
  if (questionnaire) environment.questionnaire = questionnaire;
  for (const variable of variables) {
    const on = variable.context ?? response;
    environment[variable.name] = fhirpath.evaluate(on, path(on, variable.expression), environment, r4);
  }
  const on = context ?? response;
  return fhirpath.evaluate(on, path(on, expression), environment, r4);
}

/**
 * An item does not say in JSON what it is, so fhirpath.js is told where it stands. That works for what it starts from, and not for
 * a variable, so %context is written as what it starts from.
 */
function path(element, expression) {
  if (element.resourceType) return expression;
  return { base: 'QuestionnaireResponse.item', expression: expression.replaceAll('%context', '$this') };
}

function answer(line) {
  try {
    return { values: evaluate(JSON.parse(line)) };
  } catch (error) {
    return { stopped: String(error?.message ?? error).slice(0, 200) };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line) process.stdout.write(`${JSON.stringify(answer(line))}\n`);
  }
}

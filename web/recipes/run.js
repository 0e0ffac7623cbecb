// Carries a recipe out: puts in what a person filled in, then takes each step in turn, with values of
// the answers before it.

const isReference = (node) => node !== null && typeof node === 'object' && typeof node.$ === 'string';

// A copy of a step's template in which each reference went through `replace`.
export function map(node, replace) {
  if (isReference(node)) return replace(node.$);
  if (Array.isArray(node)) return node.map((item) => map(item, replace));
  if (node !== null && typeof node === 'object')
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, map(item, replace)]));
  return node;
}

// A key below zero counts from a list's end.
export const at = (values, path) =>
  path.split('.').reduce((value, key) => (/^-\d+$/.test(key) ? value?.at?.(key) : value?.[key]), values);

export const startingValues = (recipe, isSandbox) =>
  Object.fromEntries(
    Object.entries(recipe.inputs).map(([name, input]) => [
      name,
      isSandbox && input.sandbox !== undefined ? input.sandbox : input.value,
    ]),
  );

// The steps with what was filled in; references to answers stay.
export const filled = (recipe, inputs) =>
  recipe.steps.map((step) => ({
    ...step,
    call: step.call && map(step.call, (path) => (path in inputs ? inputs[path] : { $: path })),
    upload: step.upload && inputs[step.upload],
    as: step.as && inputs[step.as],
  }));

export class Missing extends Error {}

// One step's call with all its values. Throws Missing where an answer had not what it needs.
const ready = (step, answers) =>
  map(step.call, (path) => {
    const found = at(answers, path);
    if (found === undefined)
      throw new Missing(step.missing ?? `The answer before has no ${path.split('.').slice(1).join('.')}.`);
    return found;
  });

// `does` is what a place can do: call(object), upload(file), save(name, base64). Tells each step's
// beginning and its answer, as it comes.
export async function run(steps, does, tell = () => {}) {
  const answers = {};
  for (const [number, step] of steps.entries()) {
    let answer;
    if (step.upload) {
      tell(number, {});
      answer = await does.upload(step.upload);
    } else if (step.save) {
      answer = await does.save(step.as, at(answers, step.save));
    } else {
      const call = ready(step, answers);
      tell(number, { call });
      answer = await does.call(call);
    }
    if (step.name) answers[step.name] = answer;
    tell(number, { answer, done: true });
  }
  return answers;
}

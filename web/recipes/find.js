// Which recipes a question is about: those that have all of its words, in any of their forms.
import { asked, neighbours, stems } from '../explorer/words.js';
import { recipes } from './list.js';

const known = recipes.map((recipe) => ({
  recipe,
  title: stems(recipe.title),
  words: new Set(stems(`${recipe.title} ${recipe.words}`)),
}));

export function recipesFor(query, most = 2) {
  const words = asked(query);
  if (!words.length || /[._]/.test(query)) return [];
  const has = ({ words: own }, word, last) =>
    own.has(word) ||
    [...neighbours(word)].some((other) => own.has(other)) ||
    (last && word.length > 1 && [...own].some((one) => one.startsWith(word)));
  const inTitle = ({ title }) =>
    words.filter((word, at) =>
      title.some((one) => one === word || (at === words.length - 1 && one.startsWith(word))),
    ).length / words.length;
  return known
    .filter((entry) => words.every((word, at) => has(entry, word, at === words.length - 1)))
    .map((entry) => ({ recipe: entry.recipe, score: inTitle(entry) - entry.title.length / 100 }))
    .sort((a, b) => b.score - a.score)
    .filter(({ score }, at) => score > 0.9 || (at === 0 && (score > 0 || words.length > 1)))
    .slice(0, most)
    .map(({ recipe }) => recipe);
}
